//! How a page is looked at: which one, how large, which way up.

use model::ids::DocumentId;

/// How large. The looks are CSS classes: a `style` attribute is refused by the CSP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Percent of a comfortable width.
    Percent(u16),
    /// As wide as there is room.
    Fit,
}

const STEPS: [u16; 7] = [50, 75, 100, 125, 150, 200, 300];

/// What stands on the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// From 1.
    pub page: u32,
    pub zoom: Zoom,
    /// Quarter turns, clockwise: 0…3.
    pub quarters: u8,
}

impl Default for Look {
    fn default() -> Self {
        Self { page: 1, zoom: Zoom::Percent(100), quarters: 0 }
    }
}

impl Zoom {
    /// One step closer; the same at the end.
    pub fn closer(self) -> Self {
        let next = STEPS.into_iter().find(|step| *step > self.nearly());
        next.map_or(self, Self::Percent)
    }

    /// One step farther; the same at the end.
    pub fn farther(self) -> Self {
        let next = STEPS.into_iter().rev().find(|step| *step < self.nearly());
        next.map_or(self, Self::Percent)
    }

    fn nearly(self) -> u16 {
        match self {
            Self::Percent(percent) => percent,
            Self::Fit => 100,
        }
    }

    /// Class of `style/pages/viewer.css`.
    pub fn class(self) -> String {
        match self {
            Self::Percent(percent) => format!("zoom-{percent}"),
            Self::Fit => "zoom-fit".to_owned(),
        }
    }

    /// Whether the arrow keys scroll the page rather than turn to another document.
    pub fn is_close(self) -> bool {
        self.nearly() > 100
    }

    /// Longest side of the picture, in pixels: sharper when closer (3000 is the server's limit).
    fn side(self) -> u16 {
        match self {
            Self::Percent(300) => 3000,
            Self::Percent(200) => 2400,
            Self::Fit => 2000,
            Self::Percent(_) => 1600,
        }
    }
}

impl Look {
    /// Another page, within the document.
    pub fn turn_to(&mut self, page: u32, pages: u32) {
        self.page = page.clamp(1, pages.max(1));
    }

    /// A quarter turn, clockwise.
    pub fn rotate(&mut self) {
        self.quarters = (self.quarters + 1) % 4;
    }

    /// Where the picture of the page is; `attempt` makes another address of the same picture.
    pub fn picture(self, id: DocumentId, ticket: &str, attempt: u32) -> String {
        let address = picture(id, ticket, self.page, self.zoom.side(), self.quarters);
        if attempt == 0 { address } else { format!("{address}&attempt={attempt}") }
    }

    /// The same for paper, of any page.
    pub fn on_paper(self, id: DocumentId, ticket: &str, page: u32) -> String {
        picture(id, ticket, page, 2000, self.quarters)
    }
}

fn picture(id: DocumentId, ticket: &str, page: u32, side: u16, quarters: u8) -> String {
    let turn = u16::from(quarters) * 90;
    format!("/api/v1/documents/{id}/pages/{page}?ticket={ticket}&side={side}&turn={turn}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zoom_goes_by_steps_and_stops_at_both_ends() {
        let zoom = Zoom::Percent(100);
        assert_eq!(zoom.closer(), Zoom::Percent(125));
        assert_eq!(zoom.farther(), Zoom::Percent(75));
        assert_eq!(Zoom::Fit.closer(), Zoom::Percent(125));
        assert_eq!(Zoom::Percent(300).closer(), Zoom::Percent(300));
        assert_eq!(Zoom::Percent(50).farther(), Zoom::Percent(50));
    }

    #[test]
    fn a_page_stays_within_the_document() {
        let mut look = Look::default();
        look.turn_to(9, 3);
        assert_eq!(look.page, 3);
        look.turn_to(0, 3);
        assert_eq!(look.page, 1);
    }

    #[test]
    fn four_quarters_make_a_turn_and_the_address_says_degrees() {
        let id = "0190b5a0-0000-7000-8000-000000000001".parse().expect("an id");
        let mut look = Look::default();
        for _ in 0..3 {
            look.rotate();
        }
        let address = look.picture(id, "1.t", 0);
        assert_eq!(
            address,
            "/api/v1/documents/0190b5a0-0000-7000-8000-000000000001/pages/1?ticket=1.t&side=1600&turn=270"
        );
        look.rotate();
        assert_eq!(look.quarters, 0);
    }
}
