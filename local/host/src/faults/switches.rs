//! The faults in force, and the switches for them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::SignedDuration;
use local_data::{Rule, RuleId, Service};
use serde::Serialize;

use crate::{
    FaultSpec,
    simulators::{Simulator, Simulators},
    triggers,
};

/// The ids of the faults that exist once only.
const DUPLICATES: &str = "duplicates";
const DELAY: &str = "delay";
const SKEW: &str = "skew";

/// What the id of a simulator's stop begins with.
const STOP: &str = "stop-";

/// A fault in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActiveFault {
    /// What [`FaultSwitches::remove`] takes.
    pub id: String,
    /// As it could be switched on again, with what is left of a limit.
    pub spec: String,
    /// What it does, for people.
    pub description: String,
}

/// Switches faults on and off: those of the data services, of the triggers and of simulators.
#[derive(Debug)]
pub struct FaultSwitches {
    /// Of data services in another process nothing can be switched.
    services: Option<Arc<local_data::Faults>>,
    triggers: Arc<triggers::Faults>,
    simulators: Arc<Simulators>,
    numbers: Mutex<Numbers>,
}

/// The names by which rules of the data services are known outside.
#[derive(Debug, Default)]
struct Numbers {
    last: u64,
    by_number: BTreeMap<u64, RuleId>,
}

impl FaultSwitches {
    pub(crate) fn new(
        services: Option<Arc<local_data::Faults>>,
        triggers: Arc<triggers::Faults>,
        simulators: Arc<Simulators>,
    ) -> Self {
        Self { services, triggers, simulators, numbers: Mutex::default() }
    }

    /// Switches a fault on; those of messages and of the clock take the place of an earlier one. False when there is
    /// nothing here that it is about.
    pub fn add(&self, spec: &FaultSpec) -> bool {
        self.switch_on(spec).is_ok()
    }

    /// Switches a fault on, or says why it cannot be.
    pub(crate) fn switch_on(&self, spec: &FaultSpec) -> Result<(), String> {
        match spec {
            FaultSpec::Service(rule) => {
                let services = self.services.as_ref();
                let services = services.ok_or("the data services run in another process")?;
                services.add(rule.clone());
            }
            FaultSpec::DuplicateMessages(count) => self.triggers.duplicate_next(*count),
            FaultSpec::DelayMessages(by) => self.triggers.delay_messages(*by),
            FaultSpec::SkewClock(by) => self.triggers.skew_clock(*by),
            FaultSpec::StopSimulator(name) => match self.simulators.get(name) {
                Some(simulator) => simulator.stop(),
                None => return Err(self.no_simulator(name)),
            },
        }
        Ok(())
    }

    fn no_simulator(&self, name: &str) -> String {
        let known: Vec<&str> = self.simulators.all().iter().map(|one| one.name.as_str()).collect();
        match known[..] {
            [] => format!("there is no simulator {name}, nor any other"),
            _ => format!("there is no simulator {name}; there are: {}", known.join(", ")),
        }
    }

    /// What is in force, also what was switched on elsewhere.
    pub fn list(&self) -> Vec<ActiveFault> {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let rules = self.rules();
        numbers.by_number.retain(|_, known| rules.iter().any(|(id, _)| id == known));
        let of_services = rules.into_iter().map(|(id, rule)| {
            let number = numbers.number(id);
            active(number.to_string(), &FaultSpec::Service(rule))
        });
        let mut list: Vec<ActiveFault> = of_services.collect();
        list.extend(self.of_triggers().map(|(id, spec)| active(id.to_owned(), &spec)));
        let stopped = self.simulators.all().iter().filter(|simulator| simulator.is_stopped());
        list.extend(stopped.map(|simulator| {
            let name = simulator.name.clone();
            active(format!("{STOP}{name}"), &FaultSpec::StopSimulator(name))
        }));
        list
    }

    /// Switches one fault off; false when there is none with this id (any more).
    pub fn remove(&self, id: &str) -> bool {
        if let Some((known, _)) = self.of_triggers().find(|(known, _)| *known == id) {
            self.reset(known);
            return true;
        }
        let stopped = id.strip_prefix(STOP).and_then(|name| self.simulators.get(name));
        if let Some(simulator) = stopped.filter(|simulator| simulator.is_stopped()) {
            simulator.begin();
            return true;
        }
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let rule = id.parse().ok().and_then(|number: u64| numbers.by_number.remove(&number));
        let is_there = rule.filter(|rule| self.rules().iter().any(|(id, _)| id == rule));
        let Some((rule, services)) = is_there.zip(self.services.as_ref()) else { return false };
        services.remove(rule);
        true
    }

    /// Switches everything off.
    pub fn clear(&self) {
        if let Some(services) = &self.services {
            services.clear();
        }
        self.simulators.all().iter().for_each(Simulator::begin);
        [DUPLICATES, DELAY, SKEW].into_iter().for_each(|id| self.reset(id));
    }

    /// Whether a service may do something else than its work now.
    pub(crate) fn disturbs(&self, service: Service) -> bool {
        self.rules().iter().any(|(_, rule)| rule.service == service)
    }

    fn rules(&self) -> Vec<(RuleId, Rule)> {
        self.services.as_ref().map(|services| services.rules()).unwrap_or_default()
    }

    fn of_triggers(&self) -> impl Iterator<Item = (&'static str, FaultSpec)> + use<> {
        let duplicates = self.triggers.duplicates_left();
        let delay = self.triggers.message_delay();
        let skew = self.triggers.clock_skew();
        let found = [
            (duplicates > 0).then_some((DUPLICATES, FaultSpec::DuplicateMessages(duplicates))),
            (!delay.is_zero()).then_some((DELAY, FaultSpec::DelayMessages(delay))),
            (!skew.is_zero()).then_some((SKEW, FaultSpec::SkewClock(skew))),
        ];
        found.into_iter().flatten()
    }

    fn reset(&self, id: &str) {
        match id {
            DUPLICATES => self.triggers.duplicate_next(0),
            DELAY => self.triggers.delay_messages(Duration::ZERO),
            _ => self.triggers.skew_clock(SignedDuration::ZERO),
        }
    }
}

impl Numbers {
    fn number(&mut self, id: RuleId) -> u64 {
        if let Some((number, _)) = self.by_number.iter().find(|(_, known)| **known == id) {
            return *number;
        }
        self.last += 1;
        self.by_number.insert(self.last, id);
        self.last
    }
}

fn active(id: String, spec: &FaultSpec) -> ActiveFault {
    ActiveFault { id, spec: spec.to_string(), description: spec.description() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switches() -> FaultSwitches {
        let services = Arc::new(local_data::Faults::seeded(1));
        FaultSwitches::new(Some(services), Arc::default(), Arc::default())
    }

    fn add(switches: &FaultSwitches, specs: &[&str]) {
        specs.iter().for_each(|spec| assert!(switches.add(&spec.parse().unwrap()), "{spec}"));
    }

    fn ids(switches: &FaultSwitches) -> Vec<String> {
        switches.list().into_iter().map(|fault| fault.id).collect()
    }

    #[test]
    fn faults_are_listed_with_ids_that_switch_them_off() {
        let switches = switches();
        add(
            &switches,
            &[
                "cosmos=fail",
                "queue=stop",
                "messages=duplicate:2",
                "messages=delay:1s",
                "clock=skew:-1h",
            ],
        );
        assert_eq!(ids(&switches), ["1", "2", DUPLICATES, DELAY, SKEW]);
        assert!(switches.disturbs(Service::Cosmos) && !switches.disturbs(Service::Blob));
        for id in ["1", DUPLICATES, SKEW] {
            assert!(switches.remove(id), "{id}");
            assert!(!switches.remove(id), "{id} is off");
        }
        assert_eq!(ids(&switches), ["2", DELAY]);
        add(&switches, &["blob=fail"]);
        assert_eq!(ids(&switches), ["2", "3", DELAY], "an id is not used twice");
        switches.clear();
        assert_eq!(ids(&switches), [""; 0]);
    }

    #[test]
    fn a_rule_that_was_added_elsewhere_is_listed_too() {
        let switches = switches();
        let rule: FaultSpec = "cosmos=throttle:next:3".parse().unwrap();
        let FaultSpec::Service(rule) = rule else { panic!("a rule of a service") };
        switches.services.as_ref().unwrap().add(rule);
        assert_eq!(switches.list()[0].spec, "cosmos=throttle:1s:next:3");
    }

    #[test]
    fn what_is_not_here_cannot_be_switched() {
        let refusal = |switches: &FaultSwitches, spec: &str| {
            switches.switch_on(&spec.parse().unwrap()).unwrap_err()
        };
        let elsewhere = FaultSwitches::new(None, Arc::default(), Arc::default());
        assert!(refusal(&elsewhere, "cosmos=fail").contains("another process"));
        assert!(refusal(&switches(), "weather=stop").contains("no simulator weather"));
        assert!(elsewhere.list().is_empty());
    }
}
