//! What a job says, to see that nothing of it is in any telemetry.

use crate::people::person;
use crate::support::Scoring;
use app_tests::feeding::{Fed, Feeding};
use app_tests::{Kind, Setup, this_app};

pub(crate) async fn feed(feeding: Feeding) -> Fed {
    let scoring = Scoring::of(feeding.listening(Setup::of(this_app!()))).await;
    let mark = |kind| feeding.marks().new_mark(kind);
    let right = scoring.stored("right", &person("salaried")).await;
    feeding.marks().note(&right.key.wrapped);
    let mut moved = scoring.stored("moved", &person("saver")).await;
    moved.path = format!("moved/1/{}", mark(Kind::FileName));
    let garbled = scoring.stored_bytes("garbled", mark(Kind::Iban).as_bytes()).await;
    for job in [&right, &moved, &garbled] {
        scoring.send(job).await;
    }
    scoring.answers(3).await;
    feeding.everything(&scoring.app).await
}
