//! Acts that may need a factor of now.

use leptos::{prelude::*, task::spawn_local};

use super::step_up::StepUp;
use crate::error::{ApiError, ErrorKind};

/// Does acts of a page one at a time; which need a factor of now, the server says.
#[derive(Clone, Copy)]
pub struct Guarded {
    /// Whether one is under way.
    pub busy: RwSignal<bool>,
    step_up: Option<StepUp>,
}

impl Guarded {
    /// For the page that is being drawn.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), step_up: use_context::<StepUp>() }
    }

    /// Does it. Where a factor is asked for and shown, does it again; `then` gets the end of it. Who shows no factor gives the act up,
    /// and nothing is told.
    pub fn run<T, W>(
        self,
        work: impl Fn() -> W + Clone + Send + Sync + 'static,
        then: impl Fn(Result<T, ApiError>) + Clone + Send + Sync + 'static,
    ) where
        T: 'static,
        W: Future<Output = Result<T, ApiError>> + 'static,
    {
        self.busy.set(true);
        spawn_local(async move {
            let end = work().await;
            // The page may have gone meanwhile.
            self.busy.try_set(false);
            match (end, self.step_up) {
                (Err(failed), Some(step_up)) if failed.kind == ErrorKind::StepUpNeeded => {
                    step_up.ask(Callback::new(move |()| self.run(work.clone(), then.clone())));
                }
                (end, _) => then(end),
            }
        });
    }
}
