//! Requests of a page whose session is in doubt: reads wait until somebody is there again.
//!
//! Acts are not held back to be repeated: whoever asked for one may have stood at a desk that its owner had left, and it would
//! be done in the name of whoever signs in next.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    task::{Poll, Waker},
};

use leptos::prelude::*;

thread_local! {
    static ASK: Cell<Option<Callback<()>>> = const { Cell::new(None) };
    static SHUT: Cell<bool> = const { Cell::new(false) };
    static WAITING: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
}

/// Says who finds out what became of the session when a request was refused for want of one; `None` for nobody.
pub fn watch(ask: Option<Callback<()>>) {
    ASK.set(ask);
    open();
}

/// From now on reads wait.
pub fn shut() {
    SHUT.set(true);
}

/// Reads go on.
pub fn open() {
    SHUT.set(false);
    for waker in WAITING.take() {
        waker.wake();
    }
}

/// A request was refused: shuts the gate and asks why, where somebody knows how to.
pub fn refused() -> bool {
    let Some(ask) = ASK.get() else { return false };
    shut();
    ask.run(());
    true
}

/// Waits until the gate is open.
pub fn opened() -> impl Future<Output = ()> + Send {
    poll_fn(|context| {
        if SHUT.get() {
            WAITING.with_borrow_mut(|waiting| waiting.push(context.waker().clone()));
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        task::{Context, Wake},
    };

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicBool);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    #[test]
    fn reads_wait_while_the_gate_is_shut_and_go_on_afterwards() {
        let woken = Arc::new(Woken::default());
        let waker = Arc::clone(&woken).into();
        let mut context = Context::from_waker(&waker);
        shut();
        let mut read = pin!(opened());
        assert_eq!(read.as_mut().poll(&mut context), Poll::Pending);
        assert!(!woken.0.load(Ordering::Relaxed));
        open();
        assert!(woken.0.load(Ordering::Relaxed));
        assert_eq!(read.as_mut().poll(&mut context), Poll::Ready(()));
    }

    #[test]
    fn where_nobody_asks_a_refusal_is_an_answer_like_any_other() {
        watch(None);
        assert!(!refused() && !SHUT.get());
    }
}
