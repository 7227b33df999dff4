use proptest::prelude::*;

use super::*;

#[test]
fn a_finess_number_has_its_check_digit() {
    for good in ["750712184", "690781810", "130786049", "750 099 996"] {
        assert!(good.parse::<Finess>().is_ok(), "{good}");
    }
    for bad in ["750712185", "75071218", "7507121840", "A50712184", "2C0000000", ""] {
        assert!(bad.parse::<Finess>().is_err(), "{bad}");
    }
}

#[test]
fn an_rpps_number_has_eleven_digits_and_its_check_digit() {
    for good in ["10123456781", "99700123450", " 9970 0123 450 "] {
        assert!(good.parse::<Rpps>().is_ok(), "{good}");
    }
    // The fourth is an example that ANS published, wrong check digit included.
    for bad in ["", "1012345678", "899700123450", "10003461033", "١٠١٢٣٤٥٦٧٨١", "1012345678A"] {
        assert!(bad.parse::<Rpps>().is_err(), "{bad}");
    }
}

#[test]
fn only_an_eight_before_an_rpps_number_is_interpreted() {
    assert_eq!(Rpps::of_national_id("899700123450").unwrap().as_ref(), "99700123450");
    for opaque in [
        "",
        "8",
        "99700123450",
        "899700123451",
        "8 99700123450",
        "8997001234500",
        "ANS20231122132732",
        "0751234567",
    ] {
        assert!(Rpps::of_national_id(opaque).is_none(), "{opaque}");
    }
}

#[test]
fn a_national_identifier_is_visible_and_short() {
    for good in ["899700123450", "ANS20231122132732", "3750099996/CPET00001", &"x".repeat(64)] {
        assert_eq!(good.parse::<NationalId>().unwrap().as_ref(), good);
    }
    for bad in ["", " 899700123450", "8997\u{0}", "é", &"x".repeat(65)] {
        assert!(bad.parse::<NationalId>().is_err(), "{bad}");
    }
}

#[test]
fn a_siret_number_begins_with_a_siren_number() {
    assert_eq!("890 123 458 00014".parse::<Siret>().unwrap().siren(), "890123458".parse().unwrap());
    for bad in ["", "890123458", "89012345800015", "8901234580001A", "00000000100008"] {
        assert!(bad.parse::<Siret>().is_err(), "{bad}");
    }
    for bad in ["", "890123459", "89012345", "8901234580"] {
        assert!(bad.parse::<Siren>().is_err(), "{bad}");
    }
}

#[test]
fn la_poste_counts_in_its_own_way() {
    // The head office passes Luhn, a post office by its sum of digits (3+5+6+4+2 = 20).
    for good in ["35600000000048", "35600000000042"] {
        assert!(good.parse::<Siret>().is_ok(), "{good}");
    }
    assert!("35600000000043".parse::<Siret>().is_err());
    // 8+9+0+1+2+3+4+5+8+0+0+0+1+9 = 50: five divides it, but that's nobody else's rule.
    assert!("89012345800019".parse::<Siret>().is_err());
}

#[test]
fn what_identifies_a_person_is_never_printed() {
    assert_eq!(format!("{:?}", "99700123450".parse::<Rpps>()), "Ok(Rpps(…))");
    assert_eq!(format!("{:?}", "899700123450".parse::<NationalId>()), "Ok(NationalId(…))");
    assert_eq!(format!("{:?}", "890123458".parse::<Siren>()), "Ok(Siren(\"890123458\"))");
}

#[test]
fn a_bad_identifier_cannot_be_deserialised() {
    assert!(serde_json::from_str::<Rpps>("\"10123456782\"").is_err());
    assert!(serde_json::from_str::<Rpps>("\"10123456781\"").is_ok());
    assert!(serde_json::from_str::<NationalId>("\"a b\"").is_err());
}

/// Puts Luhn's check digit behind a number.
fn checked(number: &str) -> String {
    (0..=9).map(|d| format!("{number}{d}")).find(|text| luhn(&digits(text, text.len()).unwrap())).unwrap()
}

/// The text with another digit at a place; `shift` is 1 to 9.
fn changed(text: &str, place: usize, shift: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let place = place % bytes.len();
    bytes[place] = b'0' + (bytes[place] - b'0' + shift) % 10;
    String::from_utf8(bytes).unwrap()
}

proptest! {
    #[test]
    fn parsing_never_panics_and_is_idempotent(raw in prop_oneof!["\\PC{0,20}", "[0-9 ]{0,18}", "2[AB][0-9]{7}"]) {
        macro_rules! again {
            ($($name:ty)*) => {$(
                if let Ok(value) = raw.parse::<$name>() {
                    prop_assert_eq!(value.as_ref().parse::<$name>(), Ok(value.clone()));
                }
            )*};
        }
        again!(Rpps NationalId Siren Siret Finess);
        let _ = Rpps::of_national_id(&raw);
    }

    #[test]
    fn a_changed_digit_is_always_refused(
        rpps in "[0-9]{10}", siren in "[0-9]{8}", office in "[0-9]{4}", place in 0_usize..14, shift in 1_u8..10
    ) {
        let rpps = checked(&rpps);
        prop_assert!(rpps.parse::<Rpps>().is_ok());
        prop_assert!(changed(&rpps, place, shift).parse::<Rpps>().is_err());
        let siren = checked(&siren);
        prop_assert!(siren.parse::<Siren>().is_ok() && siren.parse::<Finess>().is_ok());
        prop_assert!(changed(&siren, place, shift).parse::<Siren>().is_err());
        prop_assert!(changed(&siren, place, shift).parse::<Finess>().is_err());
        prop_assume!(siren != LA_POSTE);
        let siret = checked(&format!("{siren}{office}"));
        prop_assert_eq!(siret.parse::<Siret>().unwrap().siren(), siren.parse().unwrap());
        prop_assert!(changed(&siret, place, shift).parse::<Siret>().is_err());
    }

    #[test]
    fn an_rpps_number_comes_back_out_of_its_national_identifier(number in "[0-9]{10}") {
        let rpps: Rpps = checked(&number).parse().unwrap();
        let id: NationalId = format!("8{}", rpps.as_ref()).parse().unwrap();
        prop_assert_eq!(Rpps::of_national_id(id.as_ref()), Some(rpps));
    }

    #[test]
    fn an_identifier_of_another_shape_stays_opaque(id in "[0-79A-Z][0-9]{11}|8[0-9]{0,10}|8[0-9]{12,20}") {
        prop_assert!(Rpps::of_national_id(&id).is_none());
    }
}
