//! A page whose session has ended: it stays with what is typed, unreadable and out of reach, until the same person is back.
//!
//! The typed values can only stay because the page's document stays, and with it what it showed. So a locked page is left after
//! [`LOCKED_FOR`]: long enough for a patient at the counter and a second factor, short enough that a browser which nobody comes
//! back to does not keep health data in its memory until it is closed.

mod another;
mod cover;
mod screen;

pub use another::told_of_another;
use leptos::{prelude::*, task::spawn_local};
use model::{
    identity::{Me, Resumed},
    ids::SessionId,
};
pub use screen::LockScreen;

use super::{
    LEFT_PAGE, api, gone,
    idle::latest,
    leave,
    tabs::{self, TOLD},
};
use crate::{
    api::{CSRF_META, in_background, meta},
    error::ErrorKind,
    gate,
    ui::Covered,
};

/// Where a page leads whose session has become another's. The frame says so ([`told_of_another`]).
const LEFT_TO_ANOTHER: &str = "/portal?left=other";
/// Milliseconds, as all times here.
const LOCKED_FOR: f64 = 15.0 * 60_000.0;
/// The server is asked so often whether somebody is back, besides when another tab says so or somebody comes to this one. Seldom:
/// each question of a session that is over counts against its address.
const ASK: f64 = 60_000.0;
/// The server may count what it was told this much earlier (`ACTIVITY_STEP` of `domain::identity`), and its clock is not ours.
const SLACK: f64 = 90_000.0;

/// Why a session ended, as far as a page can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Nobody did anything.
    Idle,
    /// It had lasted as long as it may.
    Limit,
    /// Ended from elsewhere, or for a reason that only the server knows.
    Ended,
}

/// From when the server was last told of somebody, how long it waits, and when the session ends whatever happens.
fn why(now: f64, told: f64, idle: f64, ends_at: f64) -> Why {
    if now + SLACK >= ends_at {
        Why::Limit
    } else if now + SLACK >= told + idle {
        Why::Idle
    } else {
        Why::Ended
    }
}

/// Whose session it is now, seen from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// The page's.
    Same,
    /// The person is on the way: a factor, an activity or an establishment is still to be chosen.
    Arriving,
    /// Somebody else's, or of another place, or with other rights: what the page shows is not for it.
    Other,
}

fn whose(page: &Me, now: &Me) -> Whose {
    let place = |me: &Me| me.establishment.as_ref().map(|card| card.id);
    if page.user != now.user {
        Whose::Other
    } else if now.needs_factor || (now.practice.is_none() && now.practices.len() > 1) {
        Whose::Arriving
    } else if place(page) == place(now) {
        let same = page.roles == now.roles
            && page.platform_administrator == now.platform_administrator
            // Who comes back by another way in has none, or one that the page had not: it gives no rights.
            && page.practice.as_ref().zip(now.practice.as_ref()).is_none_or(|(then, now)| then == now);
        if same { Whose::Same } else { Whose::Other }
    } else if now.establishment.is_none() {
        Whose::Arriving
    } else {
        Whose::Other
    }
}

/// What there is to say on the lock beside its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    /// The person is on the way.
    Arriving,
    /// The server can't be asked.
    Unreachable,
}

/// The lock of this page; one for the portal.
#[derive(Clone, Copy)]
pub struct Lock {
    /// Whose page it is, with the session that it goes on with.
    me: StoredValue<Me>,
    why: RwSignal<Option<Why>>,
    hint: RwSignal<Option<Hint>>,
    /// When the page heard how long the session may last.
    heard: StoredValue<f64>,
    /// When the server was last told that somebody is there.
    pub(super) told: StoredValue<f64>,
    shut_at: StoredValue<f64>,
    asked_at: StoredValue<f64>,
    asking: StoredValue<bool>,
    /// Something happened while an answer was awaited.
    again: StoredValue<bool>,
}

impl Lock {
    /// Provides it to the pages below.
    pub fn provide(me: &Me) -> Self {
        let lock = Self {
            me: StoredValue::new(me.clone()),
            why: RwSignal::new(None),
            hint: RwSignal::new(None),
            // The request of this page told the server; `came` says when that was.
            heard: StoredValue::new(0.0),
            told: StoredValue::new(0.0),
            shut_at: StoredValue::new(0.0),
            asked_at: StoredValue::new(0.0),
            asking: StoredValue::new(false),
            again: StoredValue::new(false),
        };
        provide_context(lock);
        provide_context(Covered(lock.is_shut()));
        lock
    }

    /// Whether the page is locked.
    pub fn is_shut(self) -> Signal<bool> {
        Signal::derive(move || self.why.get().is_some())
    }

    pub(super) fn shut_now(self) -> bool {
        self.why.get_untracked().is_some()
    }

    /// How long the server waits without activity, and when the session ends whatever happens, by this browser's clock.
    #[expect(clippy::cast_precision_loss, reason = "times of a session fit a double")]
    pub(super) fn limits(self) -> (f64, f64) {
        let heard = self.heard.get_value();
        self.me.with_value(|me| (me.idle_seconds as f64 * 1000.0, heard + me.ends_in_seconds as f64 * 1000.0))
    }

    /// The page has come alive: its times begin.
    pub(super) fn came(self) {
        let now = js_sys::Date::now();
        self.heard.set_value(now);
        self.told.set_value(now);
    }

    /// The session that the page goes on with.
    pub(super) fn session(self) -> SessionId {
        self.me.with_value(|me| me.session)
    }

    /// Nobody is signed in any more: covers the page at once.
    pub(super) fn shut(self) {
        if self.shut_now() {
            return;
        }
        let now = js_sys::Date::now();
        let told = latest(now, self.told.get_value(), tabs::told(TOLD));
        let (idle, ends_at) = self.limits();
        gate::shut();
        cover::put();
        self.shut_at.set_value(now);
        self.asked_at.set_value(now);
        self.hint.set(None);
        self.why.set(Some(why(now, told, idle, ends_at)));
    }

    /// While it is shut: asks now and then, and gives up in the end.
    pub(super) fn wait(self) {
        let now = js_sys::Date::now();
        if now - self.shut_at.get_value() >= LOCKED_FOR {
            self.give_up();
        } else if now - self.asked_at.get_value() >= ASK && !document().hidden() {
            self.look();
        }
    }

    /// Finds out whose session it is now, and does what follows from it.
    pub fn look(self) {
        if self.asking.get_value() {
            self.again.set_value(true);
            return;
        }
        self.asking.set_value(true);
        in_background(|| {
            spawn_local(async move {
                self.ask().await;
                self.asking.try_set_value(false);
                if self.again.try_get_value() == Some(true) {
                    self.again.set_value(false);
                    self.look();
                }
            });
        });
    }

    /// Asks whose session it is, and gives who the page goes on with, where that is the same person in the same place.
    pub(super) async fn ask(self) -> Option<Me> {
        let before = meta(CSRF_META);
        let asked = api::resume().await;
        let page = self.me.try_get_value()?;
        self.asked_at.set_value(js_sys::Date::now());
        match asked {
            Ok(Resumed { me, csrf }) => match whose(&page, &me) {
                Whose::Same => {
                    // Otherwise the page has got a newer one meanwhile.
                    if meta(CSRF_META) == before {
                        api::keep(csrf.as_deref());
                    }
                    self.me.set_value(me.clone());
                    self.heard.set_value(js_sys::Date::now());
                    self.open();
                    return Some(me);
                }
                Whose::Arriving => {
                    self.shut();
                    self.hint.set(Some(Hint::Arriving));
                }
                Whose::Other => self.leave_to(LEFT_TO_ANOTHER),
            },
            Err(error) if error.kind == ErrorKind::NotSignedIn => {
                self.shut();
                self.hint.set(None);
            }
            Err(_) if self.shut_now() => self.hint.set(Some(Hint::Unreachable)),
            // Nothing is known: what was asked has its own answer.
            Err(_) => gate::open(),
        }
        None
    }

    fn open(self) {
        if self.shut_now() {
            self.told.set_value(js_sys::Date::now());
            self.hint.set(None);
            // The screen follows: the dialog goes, then the cover.
            self.why.set(None);
        }
        gate::open();
    }

    /// Leaves for a page that has nothing of this one. Nothing is readable meanwhile, whatever the browser still asks.
    fn leave_to(self, address: &str) {
        self.shut();
        gone(address);
    }

    /// To the sign-in page, and back to this address, without what was typed.
    fn give_up(self) {
        let location = window().location();
        let here =
            format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
        let back = js_sys::encode_uri_component(&here);
        self.leave_to(&format!("/portal/sign-in?ended=1&return={back}"));
    }

    /// The way out. Somebody may be half signed in in the other window: that ends with it.
    pub(super) fn quit(self) {
        leave(move |_| {
            if self.hint.try_get_untracked() == Some(Some(Hint::Arriving)) {
                self.hint.set(Some(Hint::Unreachable));
            } else {
                // Nobody is signed in as far as this page knows; what is typed goes.
                gone(LEFT_PAGE);
            }
        });
    }

    /// Listens to other tabs and to whoever comes back, as long as the caller lives.
    fn listen(self) {
        gate::watch(Some(Callback::new(move |()| self.look())));
        on_cleanup(|| gate::watch(None));
        let ask = move || {
            if self.shut_now() {
                self.look();
            }
        };
        tabs::on_told(&[tabs::BACK, TOLD], ask);
        tabs::on_return(ask);
        // Who signs out has finished, in every tab: nothing is kept for whoever is at this desk next. A tab that doesn't hear of it
        // is locked when its socket or a request says that the session is over.
        tabs::on_told(&[tabs::LEFT], move || self.leave_to(LEFT_PAGE));
    }
}

#[cfg(test)]
mod tests {
    use model::{
        establishments::EstablishmentCard,
        identity::Method,
        psc::Practice,
        roles::{Role, Roles},
        time::Language,
    };

    use super::*;

    const MINUTE: f64 = 60_000.0;

    #[test]
    fn the_reason_is_told_as_far_as_it_is_known() {
        let at =
            |minutes: f64, told: f64| why(minutes * MINUTE, told * MINUTE, 30.0 * MINUTE, 240.0 * MINUTE);
        assert_eq!(at(35.0, 5.0), Why::Idle);
        assert_eq!(at(34.0, 5.0), Why::Idle, "the server may have counted from a minute earlier");
        assert_eq!(at(20.0, 5.0), Why::Ended);
        assert_eq!(at(240.0, 239.0), Why::Limit);
        assert_eq!(at(240.0, 210.0), Why::Limit);
    }

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(n: u8) -> T {
        format!("018f0000-0000-7000-8000-00000000000{n}").parse().unwrap()
    }

    fn me() -> Me {
        let card = |n| EstablishmentCard {
            id: id(n),
            slug: "lilas".parse().unwrap(),
            name: "Pharmacie des Lilas".into(),
            town: "Paris".into(),
        };
        Me {
            user: id(1),
            session: id(2),
            name: "Camille".into(),
            email: None,
            method: Method::Password,
            has_password: true,
            needs_factor: false,
            practice: None,
            practices: vec![],
            language: Language::Fr,
            establishment: Some(card(3)),
            others: vec![card(4)],
            roles: Roles::from(vec![Role::Nurse]),
            platform_administrator: false,
            ends_in_seconds: 14_400,
            idle_seconds: 1800,
        }
    }

    #[test]
    fn only_the_same_person_in_the_same_place_with_the_same_rights_opens_the_page() {
        let page = me();
        let now = |change: fn(&mut Me)| {
            let mut now = me();
            now.session = id(9);
            change(&mut now);
            whose(&page, &now)
        };
        assert_eq!(now(|_| {}), Whose::Same);
        assert_eq!(now(|me| me.user = id(8)), Whose::Other);
        assert_eq!(now(|me| me.establishment = me.others.pop()), Whose::Other);
        assert_eq!(now(|me| me.roles = Roles::from(vec![Role::Secretary])), Whose::Other);
        assert_eq!(now(|me| me.establishment = None), Whose::Arriving);
        assert_eq!(now(|me| me.needs_factor = true), Whose::Arriving);
        // By Pro Santé Connect, after a password: the session is about an activity then.
        assert_eq!(now(|me| me.practice = Some(practice(0))), Whose::Same);
        let (mut page, mut now) = (me(), me());
        (page.practice, now.practice) = (Some(practice(0)), Some(practice(1)));
        assert_eq!(whose(&page, &now), Whose::Other);
    }

    fn practice(index: u16) -> Practice {
        let (profession, category, role, genre, mode) = (None, None, None, None, None);
        let (sector, structure, structure_id, finess, place) = (None, None, None, None, None);
        Practice {
            index,
            profession,
            category,
            role,
            genre,
            mode,
            sector,
            structure,
            structure_id,
            finess,
            place,
        }
    }

    #[test]
    fn somebody_else_on_the_way_is_somebody_else() {
        let mut now = me();
        (now.user, now.needs_factor, now.establishment) = (id(8), true, None);
        assert_eq!(whose(&me(), &now), Whose::Other);
    }
}
