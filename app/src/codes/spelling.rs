//! A code in words, to be dictated: the spelling alphabet of the listener's language and digits in words. In French the
//! telephone's first names ("A comme Anatole"), which an elderly caller knows; in English the international one (ICAO
//! annex 10).

use model::{codes::TransferCode, time::Language};

/// "K comme Kléber, sept, M comme Marcel – quatre, …": each symbol, with a longer pause between the two groups.
pub(super) fn spell(code: &TransferCode, language: Language) -> String {
    let words: Vec<String> = code.symbols().map(|symbol| word(symbol, language)).collect();
    let (first, second) = words.split_at(TransferCode::LENGTH / 2);
    format!("{}\u{a0}– {}", first.join(", "), second.join(", "))
}

fn word(symbol: char, language: Language) -> String {
    if let Some(digit) = symbol.to_digit(10).and_then(|n| usize::try_from(n).ok()) {
        let names = match language {
            Language::Fr => ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
            Language::En => ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        };
        return names.get(digit).copied().unwrap_or_default().to_owned();
    }
    let (like, name) = match language {
        Language::Fr => ("comme", french(symbol)),
        Language::En => ("as in", english(symbol)),
    };
    // Kept on one line: "K comme Kléber" is one sign.
    format!("{symbol} {like} {name}").replace(' ', "\u{a0}")
}

const fn french(letter: char) -> &'static str {
    match letter {
        'A' => "Anatole",
        'B' => "Berthe",
        'C' => "Célestin",
        'D' => "Désiré",
        'E' => "Eugène",
        'F' => "François",
        'G' => "Gaston",
        'H' => "Henri",
        'J' => "Joseph",
        'K' => "Kléber",
        'M' => "Marcel",
        'N' => "Nicolas",
        'P' => "Pierre",
        'Q' => "Quintal",
        'R' => "Raoul",
        'S' => "Suzanne",
        'T' => "Thérèse",
        'V' => "Victor",
        'W' => "William",
        'X' => "Xavier",
        'Y' => "Yvonne",
        'Z' => "Zoé",
        // No code holds another letter.
        _ => "",
    }
}

const fn english(letter: char) -> &'static str {
    match letter {
        'A' => "Alfa",
        'B' => "Bravo",
        'C' => "Charlie",
        'D' => "Delta",
        'E' => "Echo",
        'F' => "Foxtrot",
        'G' => "Golf",
        'H' => "Hotel",
        'J' => "Juliett",
        'K' => "Kilo",
        'M' => "Mike",
        'N' => "November",
        'P' => "Papa",
        'Q' => "Quebec",
        'R' => "Romeo",
        'S' => "Sierra",
        'T' => "Tango",
        'V' => "Victor",
        'W' => "Whiskey",
        'X' => "X-ray",
        'Y' => "Yankee",
        'Z' => "Zulu",
        // No code holds another letter.
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(code: &str, language: Language) -> String {
        spell(&code.parse().expect("a code"), language).replace('\u{a0}', " ")
    }

    #[test]
    fn a_code_is_dictated_in_both_languages() {
        assert_eq!(
            spelt("K7M4QX", Language::Fr),
            "K comme Kléber, sept, M comme Marcel – quatre, Q comme Quintal, X comme Xavier"
        );
        assert_eq!(
            spelt("K7M4QX", Language::En),
            "K as in Kilo, seven, M as in Mike – four, Q as in Quebec, X as in X-ray"
        );
    }

    #[test]
    fn every_symbol_has_a_word() {
        for symbol in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
            for language in [Language::Fr, Language::En] {
                let word = word(symbol, language);
                assert!(!word.ends_with('\u{a0}') && !word.is_empty(), "{symbol}");
            }
        }
    }
}
