//! What no answer can do to us.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{super::*, *};

#[test]
fn a_mad_answer_cannot_make_us_hoard() {
    let mut exercise = nurse(&[]).pointer(EXERCISE).unwrap().clone();
    put(&mut exercise, "/activities", json!(vec![json!({"codeRole": "x".repeat(300)}); 10_000]));
    let mut value = nurse(&[
        ("/SubjectRole", json!(vec!["1^2"; 10_000])),
        ("/otherIds", json!(vec![json!({"identifiant": 1}); 10_000])),
        ("/given_name", json!("\u{7}é".repeat(1 << 20))),
        ("/unknown", json!(vec!["x".repeat(1000); 1000])),
        (&format!("{EXERCISE}/nomDexercice"), json!("n".repeat(1 << 20))),
        (&format!("{EXERCISE}/prenomDexercice"), json!("")),
    ]);
    let exercises = value.pointer_mut("/SubjectRefPro/exercices").unwrap().as_array_mut().unwrap();
    exercises.extend([exercise]);
    exercises.extend(vec![json!({"codeProfession": 10}); 10_000]);
    let info = parsed(&value);
    bounded(&info);
    assert_eq!((info.given_name, info.family_name), (Some("é".repeat(256)), Some("n".repeat(256))));
    assert_eq!((info.subject_roles.len(), info.other_ids.len(), info.exercises.len()), (50, 50, 50));
    assert_eq!(info.exercises[1].activities.len(), 50);
}

#[test]
fn depth_is_passed_over() {
    let nested = "[".repeat(100_000) + &"]".repeat(100_000);
    let objects = (0..100).fold(json!({}), |inner, _| json!({"exercices": [inner], "identifiant": "x"}));
    for pointer in
        ["/sub", "/otherIds", "/SubjectRefPro", EXERCISE, ACTIVITY, &format!("{ACTIVITY}/codeRole")]
    {
        bounded(&parsed(&nurse(&[(pointer, objects.clone())])));
        let text = nurse(&[(pointer, json!("DEEP"))]).to_string().replace("\"DEEP\"", &nested);
        bounded(&serde_json::from_str::<RawUserInfo>(&text).unwrap().try_into().unwrap());
    }
}

#[test]
fn of_a_name_that_comes_twice_the_last_counts() {
    let text = r#"{"SubjectNameID":"1","SubjectNameID":"2","family_name":"A","family_name":"B",
        "SubjectRefPro":{"exercices":[{"codeProfession":"10","codeProfession":"60"}]},"otherIds":3,"otherIds":[]}"#;
    let info = UserInfo::try_from(serde_json::from_str::<RawUserInfo>(text).unwrap()).unwrap();
    assert!(info == parsed(&serde_json::from_str(text).unwrap()));
    assert_eq!((info.national_id.as_ref(), info.family_name.as_deref()), ("2", Some("B")));
    assert_eq!(info.exercises[0].profession_code, some("60"));
}

#[test]
fn nobody_is_printed() {
    let info = parsed(&nurse(&[]));
    let printed = format!(
        "{info:?} {:?} {:?} {:?}",
        info.exercises[0],
        info.exercises[0].activities[0],
        serde_json::from_str::<RawUserInfo>(NURSE).unwrap()
    );
    assert_eq!(printed, "UserInfo(…) Exercise(…) Activity(…) RawUserInfo(…)");
}

/// Panics unless every text and list keeps within its bounds.
fn bounded(info: &UserInfo) {
    fn check(value: &Value) {
        match value {
            Value::String(text) => {
                assert!(text.chars().count() <= MAX_CHARACTERS && !text.chars().any(char::is_control));
                assert_eq!(text.trim(), text);
            }
            Value::Array(items) => {
                assert!(items.len() <= MAX_ITEMS);
                items.iter().for_each(check);
            }
            Value::Object(map) => map.values().for_each(check),
            _ => {}
        }
    }
    check(&serde_json::to_value(info).unwrap());
    let practices = practices(info);
    assert!(practices.len() <= MAX_ITEMS * MAX_ITEMS);
    check(&json!(practices.iter().take(MAX_ITEMS).collect::<Vec<_>>()));
}

/// Every place of the example, inner and outer.
fn pointers() -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        let mut step = |name: &str, inner: &Value| {
            let at = format!("{at}/{name}");
            walk(inner, &at, found);
            found.push(at);
        };
        match value {
            Value::Object(map) => map.iter().for_each(|(name, inner)| step(name, inner)),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(i, inner)| step(&i.to_string(), inner));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(&nurse(&[]), "", &mut found);
    found
}

fn anything() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        "[a-z]{0,3}",
        prop::sample::select(vec![
            "exercices",
            "activities",
            "identifiant",
            "codeProfession",
            "nomDexercice"
        ])
        .prop_map(ToOwned::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Eighths are exact in both forms.
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 8.0)),
        any::<String>().prop_map(Value::from),
        "[\\x00-\\x20a^\u{85}\u{202E}\u{A0}]{0,12}".prop_map(Value::from),
        (any::<char>(), 0_usize..600).prop_map(|(c, n)| Value::from(c.to_string().repeat(n))),
    ];
    leaf.prop_recursive(5, 200, 60, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..60).prop_map(Value::from),
            prop::collection::hash_map(name.clone(), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_stands_anywhere_is_read_within_bounds(
        places in prop::collection::vec((prop::sample::select(pointers()), anything()), 1..4)
    ) {
        let mut value = nurse(&[]);
        for (pointer, new) in places {
            // An earlier change may have removed the place.
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            match value.pointer_mut(parent) {
                Some(Value::Object(map)) => drop(map.insert(name.to_owned(), new)),
                Some(Value::Array(items)) => drop(items.splice(.., [new])),
                _ => {}
            }
        }
        let from_value = UserInfo::parse(&value);
        let raw: RawUserInfo = serde_json::from_str(&value.to_string()).unwrap();
        prop_assert_eq!(&UserInfo::try_from(raw), &from_value);
        if let Ok(info) = from_value {
            bounded(&info);
            let stored = serde_json::to_string(&info).unwrap();
            prop_assert!(serde_json::from_str::<UserInfo>(&stored).unwrap() == info);
        }
    }

    #[test]
    fn whatever_it_is_it_is_no_panic(value in anything(), text in any::<String>()) {
        let _ = UserInfo::parse(&value);
        let _ = UserInfo::parse(&mut serde_json::Deserializer::from_str(&text));
    }
}
