//! QR codes as one SVG path: crisp at any size, always dark on white (scanners need it, in dark mode too).

use std::fmt::Write;

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

/// Free modules that the standard asks for on each side (ISO/IEC 18004).
const QUIET: usize = 4;

/// The side in modules with its quiet zone, and one path for all dark modules. `None` when the text is too
/// long for any QR code (about 2,300 bytes).
fn drawing(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(side).enumerate() {
        let mut x = 0;
        while x < side {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                // Writing to a String can't fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Some((side + 2 * QUIET, path))
}

/// The QR code of a text. Nothing when the text is too long.
#[component]
pub fn Qr(
    /// What the code says, an address as a rule.
    #[prop(into)]
    text: Signal<String>,
    /// What it is, for who can't see it: "QR code de dépôt, même adresse que ci-contre".
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    move || {
        text.with(|text| drawing(text)).map(|(side, path)| {
            view! {
                <svg
                    class="qr"
                    role="img"
                    aria-label=label.get()
                    viewBox=format!("0 0 {side} {side}")
                    width=side * 6
                    height=side * 6
                    shape-rendering="crispEdges"
                >
                    <rect width=side height=side fill="#fff"></rect>
                    <path d=path fill="#000"></path>
                </svg>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quiet_zone_is_kept() {
        let (side, path) = drawing("HTTPS://EXEMPLE.FR/D/LILAS").expect("short");
        assert_eq!((side - 2 * QUIET) % 4, 1, "17 + 4 × version");
        assert!(path.starts_with("M4 4h7v1h-7z"), "top left finder pattern: {path}");
    }

    #[test]
    fn too_long_a_text_gives_no_code() {
        assert!(drawing(&"x".repeat(3000)).is_none());
    }
}
