//! What honest answers say.

use serde_json::{Value, json};

use super::{super::*, *};
use crate::{identifiers::Rpps, roles::Role};

#[test]
fn the_example_of_the_reference_is_read_whole() {
    let raw: RawUserInfo = serde_json::from_str(NURSE).unwrap();
    let info = UserInfo::try_from(raw).unwrap();
    let expected = r#"{
        "subject": "f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:899700123450",
        "national_id": "899700123450",
        "username": "899700123450",
        "email_verified": null,
        "given_name": "CAMILLE",
        "family_name": "EXEMPLE",
        "civility": "MME",
        "sector": {"code": "SA17", "system": "1.2.250.1.71.4.2.4"},
        "genre": "GENR01",
        "locale": "1.2.250.1.213.1.3.1.1",
        "authentication_level": {"code": "APPPRIP3", "system": "1.2.250.1.213.1.5.1.1.1"},
        "access_reason": null,
        "medical_regulation": "FAUX",
        "uit_version": "1.0",
        "organization": "SSIAD DES TILLEULS FICTIF",
        "organization_id": "F750099996",
        "subject_roles": [{"code": "60", "system": "1.2.250.1.213.1.1.5.5"}],
        "other_ids": [{"identifier": "899700123450", "origin": "RPPS", "quality": "1"}],
        "exercises": [{
            "profession_code": "60", "category": "C", "civility": "MME", "family_name": "EXEMPLE",
            "given_name": "CAMILLE", "skill_type": null, "skill_code": null,
            "activities": [{
                "mode": "S", "sector": "SA17", "pharmacist_section": null, "role": null, "genre": "GENR01",
                "siret": "89012345800014", "siren": "890123458", "finess_site": "750099996",
                "finess_legal": "750001232", "structure_id": "F750099996",
                "company_name": "SSIAD DES TILLEULS FICTIF", "trade_name": null,
                "address_lines": ["12 R DES TILLEULS"], "postal_line": "75012 PARIS", "postal_code": "75012",
                "municipality_code": "75112", "country": "99000", "phone": null, "other_phone": null, "fax": null, "email": null,
                "department": "75", "former_structure_id": "1750099996",
                "registration_authority": "ONI/ONI/ARS"
            }]
        }]
    }"#;
    let expected: Value = serde_json::from_str(expected).unwrap();
    assert_eq!(serde_json::to_value(&info).unwrap(), expected);
    // What is stored reads back, and the provider's form isn't taken for it.
    assert!(serde_json::from_value::<UserInfo>(expected).unwrap() == info);
    assert!(serde_json::from_str::<UserInfo>(NURSE).is_err());
    assert_eq!(Rpps::of_national_id(info.national_id.as_ref()).unwrap().as_ref(), "99700123450");
}

#[test]
fn a_nurse_has_one_practice() {
    let expected = Practice {
        index: 0,
        profession: some("60"),
        category: some("C"),
        role: None,
        genre: some("GENR01"),
        mode: some("S"),
        sector: some("SA17"),
        structure: some("SSIAD DES TILLEULS FICTIF"),
        structure_id: some("F750099996"),
        finess: some("750099996"),
        place: some("75012 PARIS"),
    };
    assert_eq!(practices(&parsed(&nurse(&[]))), std::slice::from_ref(&expected));
    assert_eq!(expected.suggested_role(), Some(Role::Nurse));
    let stored = serde_json::to_string(&expected).unwrap();
    assert_eq!(serde_json::from_str::<Practice>(&stored).unwrap(), expected);
}

#[test]
fn a_nursing_assistant_is_profession_99_with_a_role() {
    let info = parsed(&nurse(&[
        (&format!("{EXERCISE}/codeProfession"), json!("99")),
        (&format!("{ACTIVITY}/codeRole"), json!("313")),
        (&format!("{ACTIVITY}/codeGenreActivite"), json!("GENR11")),
    ]));
    assert_eq!(practices(&info)[0].suggested_role(), Some(Role::NursingAssistant));
}

#[test]
fn a_student_is_offered_no_role() {
    let info = parsed(&nurse(&[(&format!("{EXERCISE}/codeCategorieProfessionnelle"), json!("E"))]));
    assert_eq!(practices(&info)[0].suggested_role(), None);
}

#[test]
fn an_identity_of_the_sandbox_is_accepted_and_stays_opaque() {
    let info = parsed(&nurse(&[
        ("/SubjectNameID", json!("ANS20231122132732")),
        ("/otherIds/0", json!({"identifiant": "ANS20231122132732", "origine": "EDIT", "qualite": 1})),
        (&format!("{ACTIVITY}/numeroFinessSite"), json!("0B0172805")),
    ]));
    assert_eq!(info.national_id.as_ref(), "ANS20231122132732");
    assert_eq!(Rpps::of_national_id(info.national_id.as_ref()), None);
    assert_eq!(info.other_ids[0].origin, "EDIT");
    assert_eq!(practices(&info)[0].finess, some("0B0172805"));
}

#[test]
fn nothing_replaces_a_subject_name_id() {
    let problem = |id: Value| UserInfo::parse(nurse(&[("/SubjectNameID", id)])).err();
    for missing in [json!(null), json!(""), json!("  "), json!([]), json!({"a": 1})] {
        assert_eq!(problem(missing), Some(UserInfoProblem::MissingSubjectNameId));
    }
    for bad in [
        json!("8997\u{0}00123450"),
        json!("8997 00123450"),
        json!("é"),
        json!("9".repeat(65)),
        json!(true),
        json!(1.5),
    ] {
        assert_eq!(problem(bad), Some(UserInfoProblem::BadSubjectNameId));
    }
    assert_eq!(problem(json!(899_700_123_450_u64)), None);
    assert_eq!(problem(json!(" 899700123450\n")), None);
    for nothing in [json!({}), json!([]), json!(null), json!("text"), json!(7)] {
        assert_eq!(UserInfo::parse(&nothing).err(), Some(UserInfoProblem::MissingSubjectNameId));
    }
    let mut broken = serde_json::Deserializer::from_str("{\"sub\":");
    assert_eq!(UserInfo::parse(&mut broken).err(), Some(UserInfoProblem::Unreadable));
}

#[test]
fn the_name_of_exercise_comes_before_the_civil_one() {
    let names = |changes: &[(&str, Value)]| {
        UserInfo::parse(nurse(changes)).map(|info| (info.given_name, info.family_name)).ok()
    };
    let (family, given) = (format!("{EXERCISE}/nomDexercice"), format!("{EXERCISE}/prenomDexercice"));
    assert_eq!(names(&[(&family, json!("USAGE"))]), Some((some("CAMILLE"), some("USAGE"))));
    assert_eq!(
        names(&[(&family, json!("")), (&given, json!(null))]),
        Some((some("CAMILLE"), some("EXEMPLE")))
    );
    assert_eq!(names(&[("/SubjectRefPro", json!(null))]), Some((some("CAMILLE"), some("EXEMPLE"))));
    let nameless = [(&*given, json!("")), ("/given_name", json!(""))];
    assert_eq!(names(&nameless), Some((None, some("EXEMPLE"))));
    let [a, b] = nameless;
    assert_eq!(
        UserInfo::parse(nurse(&[a, b, (&family, json!(" ")), ("/family_name", json!({}))])).err(),
        Some(UserInfoProblem::MissingName)
    );
}

#[test]
fn civility_is_read_in_both_places() {
    let civility = |top: Value, inside: Value| {
        parsed(&nurse(&[("/codeCivilite", top), ("/SubjectRefPro/codeCivilite", inside)])).civility
    };
    assert_eq!(civility(json!("M"), json!("MME")), some("M"));
    assert_eq!(civility(json!(""), json!("MME")), some("MME"));
    assert_eq!(civility(json!(null), json!(null)), None);
}

#[test]
fn empty_strings_everywhere_are_no_values() {
    fn emptied(value: &mut Value) {
        match value {
            Value::Object(map) => map.values_mut().for_each(emptied),
            Value::Array(items) => items.iter_mut().for_each(emptied),
            other => *other = json!(""),
        }
    }
    let mut value = nurse(&[]);
    emptied(&mut value);
    put(&mut value, "/SubjectNameID", json!("899700123450"));
    put(&mut value, "/family_name", json!("EXEMPLE"));
    let bare = parsed(&json!({"SubjectNameID": "899700123450", "family_name": "EXEMPLE"}));
    let info = parsed(&value);
    assert!(info == bare && info.subject.is_empty() && info.sector.is_none());
    assert!(info.subject_roles.is_empty() && info.other_ids.is_empty() && info.exercises.is_empty());
    assert_eq!(practices(&info), []);
}

#[test]
fn lists_may_be_absent_null_or_a_single_thing() {
    let exercises = "/SubjectRefPro/exercices";
    for none in [json!(null), json!([]), json!(""), json!(3), json!([null, "", {}, [{}]])] {
        assert!(parsed(&nurse(&[(exercises, none)])).exercises.is_empty());
    }
    let whole = parsed(&nurse(&[]));
    let value = nurse(&[]);
    let single = |pointer: &str| value.pointer(pointer).unwrap().clone();
    let info = parsed(&nurse(&[
        (&format!("{EXERCISE}/activities"), single(ACTIVITY)),
        ("/otherIds", single("/otherIds/0")),
        ("/SubjectRole", single("/SubjectRole/0")),
    ]));
    assert!(info == whole);
    assert!(parsed(&nurse(&[(exercises, single(EXERCISE))])) == whole);
}

#[test]
fn scalars_of_other_types_become_text() {
    let info = parsed(&nurse(&[
        ("/sub", json!(12)),
        ("/otherIds/0/qualite", json!("1")),
        ("/Secteur_Activite", json!(" SA17 ")),
        ("/SubjectRole", json!(["^1.2.3", 60, ""])),
        (&format!("{EXERCISE}/codeProfession"), json!(60)),
        (&format!("{ACTIVITY}/telephone2"), json!(true)),
        (&format!("{ACTIVITY}/codePostal"), json!(75012.0)),
        (&format!("{ACTIVITY}/raisonSocialeSite"), json!(" SSIAD\u{0}\u{202E}\nDES TILLEULS\t")),
    ]));
    let activity = &info.exercises[0].activities[0];
    assert_eq!(info.subject, "12");
    assert_eq!(info.other_ids[0].quality, some("1"));
    assert_eq!(info.sector, Some(Coded { code: "SA17".into(), system: None }));
    assert_eq!(info.subject_roles, [Coded { code: "60".into(), system: None }]);
    assert_eq!(info.exercises[0].profession_code, some("60"));
    assert_eq!((&activity.other_phone, &activity.postal_code), (&some("true"), &some("75012")));
    assert_eq!(activity.company_name, some("SSIAD DES TILLEULS"));
}

#[test]
fn an_address_is_put_together_in_its_order() {
    let info = parsed(&nurse(&[
        (&format!("{ACTIVITY}/complementDestinataire"), json!("SERVICE A")),
        (&format!("{ACTIVITY}/complementPointGeographique"), json!("BATIMENT B")),
        (&format!("{ACTIVITY}/indiceRepetitionVoie"), json!("B")),
        (&format!("{ACTIVITY}/mentionDistribution"), json!("BP 7")),
        (&format!("{ACTIVITY}/bureauCedex"), json!("PARIS")),
    ]));
    let lines = &info.exercises[0].activities[0].address_lines;
    assert_eq!(*lines, ["SERVICE A", "BATIMENT B", "12 B R DES TILLEULS", "BP 7"]);
    assert_eq!(practices(&info)[0].place, some("75012 PARIS"));
    let place = |line: Value| {
        practices(&parsed(&nurse(&[(&format!("{ACTIVITY}/bureauCedex"), line)])))[0].place.clone()
    };
    assert_eq!(place(json!("75571 PARIS CEDEX 12")), some("75571 PARIS CEDEX 12"));
    assert_eq!(place(json!("")), some("75012"));
}

#[test]
fn two_exercises_are_a_choice() {
    let value = nurse(&[]);
    let (mut first, activity) = (value.pointer(EXERCISE).unwrap().clone(), value.pointer(ACTIVITY).unwrap());
    let mut elsewhere = activity.clone();
    put(&mut elsewhere, "/raisonSocialeSite", json!(""));
    put(&mut elsewhere, "/enseigneCommercialeSite", json!("CABINET FICTIF"));
    put(&mut first, "/activities", json!([activity, elsewhere]));
    let second = json!({"codeProfession": "10", "nomDexercice": "AUTRE"});
    let info = parsed(&nurse(&[("/SubjectRefPro/exercices", json!([first, second]))]));
    assert_eq!(info.family_name, some("EXEMPLE"));
    let choice: Vec<_> = practices(&info).into_iter().map(|p| (p.index, p.profession, p.structure)).collect();
    assert_eq!(
        choice,
        [
            (0, some("60"), some("SSIAD DES TILLEULS FICTIF")),
            (1, some("60"), some("CABINET FICTIF")),
            (2, some("10"), None)
        ]
    );
}
