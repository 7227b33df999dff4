//! Views for the tests: plausible, plainly fictional, and hostile where a stranger or a member of staff can write.

use super::texts::Lang;
use super::views::*;

pub(super) const HOSTILE: &str = "</script><img src=x onerror=alert(1)>\" onfocus='x' <!-- & l’ordonnance";

pub(super) fn shell(lang: Lang) -> Shell {
    Shell {
        lang,
        css_href: "/deposit.css".into(),
        js_href: "/deposit.js".into(),
        path_for_lang_switch: format!("?lang={}", lang.other().code()),
        csrf: Some("csrf-token".into()),
    }
}

pub(super) fn moment(text: &str) -> Moment {
    Moment { iso: "2026-11-20T14:05:00+01:00".into(), text: text.into() }
}

pub(super) fn establishment() -> Establishment {
    Establishment {
        slug: "lilas".into(),
        name: "Pharmacie des Lilas".into(),
        address: vec!["12 rue des Lilas".into(), "75020 Paris".into()],
        phone: Some("+33 1 99 00 12 34".into()),
        opening_note: Some("Ouvert du lundi au samedi, de 9 h à 19 h 30".into()),
    }
}

pub(super) fn deposit() -> Deposit {
    Deposit {
        establishment: establishment(),
        label: "Ordonnance de renouvellement".into(),
        note: Some("Les deux pages, recto et verso.\nMerci de bien cadrer le tampon.".into()),
        max_file_bytes: 10_485_760,
        max_files: 5,
        retention_days: 30,
        deleted_on: moment("20 décembre 2026"),
        received: Vec::new(),
        receipt_path: None,
        scope: "d-1".into(),
        idempotency_key: "0b6f0c1e-1111-4222-8333-444455556666".into(),
        just_received: 0,
        problems: Vec::new(),
        privacy: PrivacyNotice {
            controller: "Pharmacie des Lilas, SELARL fictive".into(),
            contact: "dpo@lilas.example, ou par courrier à l’adresse ci-dessus.".into(),
            basis: model::establishments::LegalBasis::LegitimateInterest,
            retention_days: 30,
            receipt_days: Some(365),
            host: Some("Hébergeur Exemple, certifié HDS, France".into()),
        },
    }
}

pub(super) fn refusals() -> Vec<Refusal> {
    vec![
        Refusal::NoFile,
        Refusal::UnknownType,
        Refusal::TypeMismatch,
        Refusal::Damaged,
        Refusal::Encrypted,
        Refusal::Empty,
        Refusal::TooLarge { limit_bytes: 10_000_000 },
        Refusal::TooMany { limit: 5 },
        Refusal::NoRoom,
        Refusal::CodeNoLongerValid,
        Refusal::Interrupted,
        Refusal::TooManyAttempts { wait_seconds: 120 },
        Refusal::SessionExpired,
        Refusal::TooManyPixels,
        Refusal::Unavailable,
    ]
}

pub(super) fn receipt() -> Receipt {
    let file = |ordinal, check, seen: bool, end| ReceiptFile {
        ordinal,
        received_at: moment("20 novembre 2026 à 14 h 05"),
        check,
        seen_at: seen.then(|| moment("20 novembre 2026 à 15 h 12")),
        end,
    };
    let planned = || FileEnd::Planned(moment("20 décembre 2026"));
    let deleted = |why| FileEnd::Deleted { at: moment("25 novembre 2026 à 9 h 00"), why };
    Receipt {
        path: "/r/3mZx9kQe".into(),
        reference: "K7QF-2M9D".into(),
        establishment: establishment(),
        received_at: moment("20 novembre 2026 à 14 h 05"),
        as_of: moment("20 novembre 2026 à 15 h 20"),
        files: vec![
            file(1, Check::Readable, true, planned()),
            file(2, Check::Pending, false, planned()),
            file(3, Check::Unreadable, false, planned()),
            file(4, Check::Readable, true, FileEnd::OnHold),
            file(5, Check::Readable, true, deleted(DeletedWhy::Retention)),
            file(6, Check::Readable, true, deleted(DeletedWhy::Establishment)),
            file(7, Check::Pending, false, deleted(DeletedWhy::Withdrawn)),
        ],
        can_withdraw: true,
        notice: Some(ReceiptNotice::Sent),
    }
}

pub(super) fn publisher() -> Publisher {
    Publisher {
        service: "CareLink".into(),
        url: "https://carelink.example".into(),
        name: Some("GCSMS du Canal".into()),
        address: vec!["1 quai Fictif".into(), "75019 Paris".into()],
        director: None,
        contact: Some("contact@carelink.example".into()),
        host: Some("Hébergeur Exemple, certifié HDS, France".into()),
        dpo: None,
        statement_date: Some(moment("20 novembre 2026")),
    }
}

pub(super) fn search(outcome: SearchOutcome) -> Search {
    Search { query: "lilas".into(), outcome }
}

pub(super) fn found(more: bool) -> SearchOutcome {
    let results = [
        ("lilas", "Pharmacie des Lilas", "12 rue des Lilas, 75020 Paris"),
        ("ssiad-canal", "SSIAD du Canal", "3 quai Fictif, 75019 Paris"),
    ];
    let results = results.map(|(slug, name, place)| FoundEstablishment {
        slug: slug.into(),
        name: name.into(),
        place: place.into(),
    });
    SearchOutcome::Found { results: results.into(), more }
}

/// Every page, in the states that differ, by name.
pub(super) fn pages(lang: Lang) -> Vec<(&'static str, String)> {
    let shell = shell(lang);
    let code = |problem| EnterCode { establishment: establishment(), typed: "K7Q-F2".into(), problem };
    let with = |change: &dyn Fn(&mut Deposit)| {
        let mut page = deposit();
        change(&mut page);
        super::deposit(&shell, &page)
    };
    let received = |check| ReceivedItem { ordinal: 1, check };
    let message = |m: Message| super::message(&shell, &m);
    let receipt_with = |notice, can_withdraw| {
        let mut page = receipt();
        page.notice = notice;
        page.can_withdraw = can_withdraw;
        page.files.truncate(2);
        super::receipt(&shell, &page)
    };
    vec![
        ("home", super::home(&shell, None)),
        ("home-found", super::home(&shell, Some(&search(found(false))))),
        ("home-more", super::home(&shell, Some(&search(found(true))))),
        ("home-short", super::home(&shell, Some(&search(SearchOutcome::TooShort { least: 3 })))),
        (
            "home-none",
            super::home(&shell, Some(&search(SearchOutcome::Found { results: vec![], more: false }))),
        ),
        ("code", super::enter_code(&shell, &EnterCode { typed: String::new(), ..code(None) })),
        ("code-wrong", super::enter_code(&shell, &code(Some(CodeProblem::Wrong)))),
        (
            "code-paused",
            super::enter_code(&shell, &code(Some(CodeProblem::TooManyAttempts { wait_seconds: 300 }))),
        ),
        ("deposit", with(&|_| ())),
        ("deposit-one", with(&|p| p.max_files = 1)),
        (
            "deposit-refused",
            with(&|p| {
                p.just_received = 1;
                p.received = vec![received(Check::Pending)];
                p.problems = refusals()
                    .into_iter()
                    .take(3)
                    .zip(2..)
                    .map(|(refusal, n)| FileProblem { file: Some(n), refusal })
                    .collect();
            }),
        ),
        (
            "deposit-full",
            with(&|p| {
                p.max_files = 1;
                p.received = vec![received(Check::Unreadable)];
                p.receipt_path = Some("/r/3mZx9kQe".into());
            }),
        ),
        (
            "deposit-hostile",
            with(&|p| {
                p.label = HOSTILE.into();
                p.note = Some(HOSTILE.into());
                p.establishment.name = HOSTILE.into();
                p.establishment.phone = Some(HOSTILE.into());
                p.establishment.address = vec![HOSTILE.into()];
                p.privacy.contact = HOSTILE.into();
            }),
        ),
        ("receipt", super::receipt(&shell, &receipt())),
        ("receipt-short", receipt_with(Some(ReceiptNotice::Sent), true)),
        ("receipt-withdrawn", receipt_with(Some(ReceiptNotice::Withdrawn), false)),
        (
            "withdraw",
            super::withdraw_confirm(
                &shell,
                &Withdraw {
                    receipt_path: "/r/3mZx9kQe".into(),
                    reference: "K7QF-2M9D".into(),
                    establishment_name: "Pharmacie des Lilas".into(),
                    files: 2,
                },
            ),
        ),
        ("not-found", message(Message::NotFound)),
        ("too-many", message(Message::TooManyRequests { wait_seconds: 40, back: None })),
        ("code-gone", message(Message::CodeNoLongerValid { establishment: Some(establishment()) })),
        ("session", message(Message::SessionExpired { back: Some("/d/lilas".into()) })),
        ("signed-out", message(Message::SignedOut)),
        ("other-establishment", message(Message::OtherEstablishment)),
        ("refused", message(Message::Refused { back: None })),
        ("forbidden", message(Message::Forbidden)),
        ("gone", message(Message::Gone)),
        ("cannot-withdraw", message(Message::CannotWithdraw { receipt_path: "/r/3mZx9kQe".into() })),
        ("failure", message(Message::Failure { request_id: "01JD-4F2K".into() })),
        ("legal", super::legal(&shell, &publisher())),
        ("accessibility", super::accessibility(&shell, &publisher())),
        ("privacy", super::privacy(&shell, &Publisher::default())),
    ]
}
