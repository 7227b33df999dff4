//! Icons: a kept set of Lucide drawings as inline SVG. They follow the text's colour and size, and are
//! hidden from screen readers: the text beside them (or the control's `label`) carries the meaning.

use leptos::prelude::*;

pub use super::lucide::Icon;

/// Declares the enum of kept icons: variant, Lucide's own name, the inside of the `<svg>`.
macro_rules! icons {
    ($($variant:ident $lucide:literal $drawing:literal;)+) => {
        /// One icon of the kept set.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Icon {
            $(#[doc = concat!("Lucide's `", $lucide, "`.")] $variant,)+
        }

        impl Icon {
            pub(super) const fn drawing(self) -> &'static str {
                match self { $(Self::$variant => $drawing,)+ }
            }
        }
    };
}
pub(super) use icons;

impl Icon {
    /// The icon, 1.25 em wide (CSS `.icon`), in the current text colour.
    pub fn view(self) -> AnyView {
        view! {
            <svg
                class="icon"
                viewBox="0 0 24 24"
                width="20"
                height="20"
                fill="none"
                stroke="currentColor"
                stroke-width="2"
                stroke-linecap="round"
                stroke-linejoin="round"
                aria-hidden="true"
                focusable="false"
                inner_html=self.drawing()
            ></svg>
        }
        .into_any()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_hidden_from_screen_readers() {
        let html = Icon::Close.view().to_html();
        assert!(html.contains(r#"aria-hidden="true""#), "{html}");
        assert!(html.contains("<path d="), "{html}");
    }
}
