//! `timerTrigger`: NCRONTAB and intervals. Source: `TimerListener.cs`, `ScheduleMonitor.cs` and `CronSchedule.cs` of the
//! timer extension.

mod listener;
mod ncrontab;
mod schedule;
mod status;

pub use listener::{TimerError, TimerListener};
pub use ncrontab::{Ncrontab, NcrontabError};
pub use schedule::{Schedule, ScheduleError};
