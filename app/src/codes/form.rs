//! What is typed for a new code, and what is wrong with it: the model's own checks, worded beside each field.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{self, HtmlElement},
};
use model::{
    codes::{MaxDeposits, MaxFiles, NewCode, ValidityMinutes},
    number::OutOfRange,
    text::{Label, Note, TextProblem},
};

use super::hand_over::Request;
use crate::{I18n, tx};

/// The fields, as typed.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub label: RwSignal<String>,
    pub note: RwSignal<String>,
    pub validity: RwSignal<String>,
    pub deposits: RwSignal<String>,
    pub files: RwSignal<String>,
}

impl Form {
    /// The usual values, and what was asked before.
    pub fn new(again: Request) -> Self {
        let number = |n: u32| RwSignal::new(n.to_string());
        Self {
            label: RwSignal::new(again.label),
            note: RwSignal::new(again.note),
            validity: number(ValidityMinutes::default().get()),
            deposits: number(MaxDeposits::default().get()),
            files: number(MaxFiles::default().get()),
        }
    }

    /// The new code, or the id of the first field that is wrong.
    pub fn parse(self) -> Result<NewCode, &'static str> {
        Ok(NewCode {
            label: self.label.get_untracked().parse().map_err(|_| "field-label")?,
            note: note(&self.note.get_untracked()).map_err(|_| "field-note")?,
            validity: number(&self.validity.get_untracked()).map_err(|_| "field-validity-0")?,
            max_deposits: number(&self.deposits.get_untracked()).map_err(|_| "field-deposits")?,
            max_files: number(&self.files.get_untracked()).map_err(|_| "field-files")?,
        })
    }

    pub fn label_problem(self, i18n: I18n) -> Option<String> {
        self.label.get().parse::<Label>().err().map(|problem| text_problem(i18n, problem))
    }

    pub fn note_problem(self, i18n: I18n) -> Option<String> {
        note(&self.note.get()).err().map(|problem| text_problem(i18n, problem))
    }

    pub fn deposits_problem(self, i18n: I18n) -> Option<String> {
        number::<MaxDeposits>(&self.deposits.get()).err().map(|problem| number_problem(i18n, problem))
    }

    pub fn files_problem(self, i18n: I18n) -> Option<String> {
        number::<MaxFiles>(&self.files.get()).err().map(|problem| number_problem(i18n, problem))
    }
}

/// A note may be left out.
fn note(raw: &str) -> Result<Option<Note>, TextProblem> {
    match raw.parse() {
        Err(TextProblem::Empty) => Ok(None),
        parsed => parsed.map(Some),
    }
}

/// A number within its limits; what is no number lies outside of any.
pub(super) fn number<T: TryFrom<u32, Error = OutOfRange>>(raw: &str) -> Result<T, OutOfRange> {
    raw.trim().parse().unwrap_or(u32::MAX).try_into()
}

fn text_problem(i18n: I18n, problem: TextProblem) -> String {
    match problem {
        TextProblem::Empty => tx!(i18n, codes.label_empty),
        TextProblem::TooLong { max } => tx!(i18n, codes.too_long, max = max),
        TextProblem::ForbiddenCharacter => tx!(i18n, codes.bad_character),
    }
}

fn number_problem(i18n: I18n, OutOfRange { min, max }: OutOfRange) -> String {
    tx!(i18n, codes.out_of_range, min = min, max = max)
}

/// Puts the focus on a control.
pub(super) fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // A control that refuses the focus loses nothing else.
        drop(element.focus());
    }
}

/// Puts the focus on a control unless somebody has already put it somewhere: before hydration, say.
pub(super) fn focus_first(id: &'static str) {
    let free = |element: &web_sys::Element| matches!(element.tag_name().as_str(), "BODY" | "MAIN");
    if document().active_element().is_none_or(|element| free(&element)) {
        focus(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_may_be_empty_but_not_too_long() {
        assert_eq!(note("  \n "), Ok(None));
        assert!(matches!(note("Les deux pages"), Ok(Some(_))));
        assert_eq!(note(&"a".repeat(1001)), Err(TextProblem::TooLong { max: 1000 }));
    }

    #[test]
    fn what_is_no_number_says_the_limits() {
        for raw in ["", "0", "51", "-1", "1,5", "99999999999"] {
            assert_eq!(number::<MaxDeposits>(raw), Err(OutOfRange { min: 1, max: 50 }), "{raw}");
        }
        assert_eq!(number::<MaxDeposits>(" 50 ").map(MaxDeposits::get), Ok(50));
    }

    #[test]
    fn the_first_wrong_field_is_named_and_nothing_typed_is_lost() {
        Owner::new().with(|| {
            let form = Form::new(Request::default());
            assert_eq!(form.parse().err(), Some("field-label"));
            form.label.set("Ordonnance".into());
            form.files.set("21".into());
            assert_eq!(form.parse().err(), Some("field-files"));
            assert_eq!(form.label.get_untracked(), "Ordonnance");
            form.files.set("20".into());
            assert_eq!(form.parse().map(|new| new.validity), Ok(ValidityMinutes::default()));
        });
    }
}
