//! English.

use super::information::en::INFORMATION;
use super::refusals::Refusals;
use super::{Code, Common, Deposit, Home, Message, Notice, Receipt, Script, Texts, Withdraw};

pub(super) const TEXTS: Texts = Texts {
    common: Common {
        skip: "Skip to content",
        tagline: "Document drop-off",
        other_language: "Français",
        footer: "About this service",
        legal: "Legal notice",
        privacy: "Personal data",
        accessibility: "Accessibility: not compliant, not audited yet",
        error_prefix: "Error: ",
        problem: "There is a problem",
        address: "Address",
        call: |number| format!("Call {number}"),
        seconds: |n| if n == 1 { "1 second".into() } else { format!("{n} seconds") },
        minutes: |n| if n == 1 { "1 minute".into() } else { format!("{n} minutes") },
        hours: |n| if n == 1 { "1 hour".into() } else { format!("{n} hours") },
        decimal: ".",
        kilobytes: "kB",
        megabytes: "MB",
    },
    home: Home {
        title: "Send a document to a health establishment",
        intro: "Has your pharmacy, care service or doctor given you a code? Find their name here, then send your document. No account and no app needed.",
        label: "Name or town of the establishment",
        hint: "For example: “pharmacie des Lilas” or “Saint-Denis”",
        submit: "Search",
        results: |n| {
            if n == 1 { "1 establishment found".into() } else { format!("{n} establishments found") }
        },
        none: |q| format!("No establishment found for “{q}”"),
        none_advice: "Check the spelling, or try the town alone. If you received a link or a QR code, open it: it leads straight to the right place.",
        more: "More establishments match. Add the town or another word of the name to see them.",
        too_short: |n| format!("Type at least {n} letters of the name or town."),
        steps_title: "How it works",
        steps: [
            "You find the establishment and type the code that it gave you.",
            "You take a photo of the document or choose a file.",
            "You follow its arrival and reading on your receipt.",
        ],
        staff: "Do you work in an establishment?",
        staff_link: "Professionals’ area",
    },
    code: Code {
        title: "Type your code",
        for_establishment: "To send a document to",
        label: "Six-character code",
        hint: "The establishment gave it to you. Capitals or small letters, with or without a dash.",
        pattern_title: "Six letters or digits",
        submit: "Continue",
        without_title: "No code?",
        without: "Ask the establishment for one. If you received a link or a QR code, open it: it replaces the code.",
        elsewhere: "Not the right establishment? Find another one",
        missing: "Type the code that the establishment gave you.",
        malformed: "A code has six letters or digits. Check what you typed.",
        wrong: "This code is not valid. Check each character; if it is copied correctly, ask the establishment for a new code.",
        too_many: |wait| {
            format!(
                "Too many attempts. Wait {wait}, then try again. The establishment’s link or QR code works without waiting."
            )
        },
        no_cookie: "Your browser refuses cookies, and this deposit needs one. Allow cookies for this site, then type the code again.",
    },
    deposit: Deposit {
        title: "Send a document",
        recipient: "Your document is for",
        asked: "What you are asked for",
        form_title: "Your document",
        label: "Choose one or more files",
        label_one: "Choose a file",
        camera: "Take a photo",
        choose: "Choose a file",
        to_send: "To send",
        several: "A document of several pages can be sent as several photos.",
        limits: |size, left| {
            if left > 1 {
                format!("At most {size} per file. Up to {left} files.")
            } else {
                format!("At most {size}. One file possible.")
            }
        },
        formats: "Photo (JPEG or PNG) or PDF document.",
        submit: "Send",
        wait: "Sending can take a few minutes: wait until the page changes.",
        full: |n| {
            if n > 1 {
                format!("This deposit is complete: {n} files at most.")
            } else {
                "This deposit is complete: only one file was asked for.".into()
            }
        },
        received_title: "Already arrived",
        just_received: |n| {
            if n > 1 { format!("{n} documents have arrived.") } else { "Your document has arrived.".into() }
        },
        item: |n| format!("Document\u{a0}{n}"),
        state_received: "Received",
        state_checked: "Received and readable",
        state_unreadable: "Received, but unreadable",
        finish_title: "Have you sent everything?",
        finish_text: "Finish to get your receipt.",
        finish_more: "Otherwise add more documents above.",
        other_code: "Not your request? Type another code",
        finish: "Finish and see my receipt",
        follow: "See my receipt",
        fate_title: "What happens to your document",
        fate_encrypted: "It is encrypted as soon as it arrives.",
        fate_read_by: |name| {
            format!("Only authorised professionals of {name} have access to it in this service.")
        },
        fate_deleted: |days, on| {
            if days > 1 {
                format!("It is deleted from here automatically after {days} days, on {on} if sent today.")
            } else {
                format!("It is deleted from here automatically after one day, on {on} if sent today.")
            }
        },
        fate_receipt: "Your receipt says whether it arrived, whether it was seen and when it is deleted. You can withdraw it as long as nobody has opened it.",
        file_problem: |n, sentence| format!("File {n}: {sentence}"),
        none_stored: "Nothing listed here has been stored.",
    },
    notice: Notice {
        title: "Your personal data",
        controller: "Controller",
        purpose: "Purpose",
        purpose_text: "To receive the document that you are asked for, for your care.",
        basis: "Legal basis",
        public_interest: "Task in the public interest (GDPR, article 6.1.e).",
        legitimate_interest: "Legitimate interest in caring for you (GDPR, article 6.1.f).",
        legal_obligation: "Legal obligation (GDPR, article 6.1.c).",
        health_basis: "Health data is processed for your care (article 9.2.h) by people bound by professional secrecy.",
        recipients: "Recipients",
        recipients_text: |name| {
            format!(
                "The authorised professionals of {name}. The operator and host of the service act on its behalf."
            )
        },
        host: "Hosting",
        duration: "Duration",
        duration_text: |n| {
            if n > 1 {
                format!(
                    "The document is deleted from this service after {n} days, unless a reason to keep it is recorded. The establishment may add a copy to your record."
                )
            } else {
                "The document is deleted from this service after one day, unless a reason to keep it is recorded. The establishment may add a copy to your record.".into()
            }
        },
        receipt_duration: |n| {
            format!("The receipt, which does not contain the document, is deleted after {n} days.")
        },
        rights: "Your rights",
        rights_text: "Access, correction, restriction and, depending on the case, deletion or objection. Nothing obliges you to use this service: you can hand over the document in another way.",
        contact: "Contact",
        complaint: "You can also complain to the French data protection authority, the CNIL (www.cnil.fr).",
    },
    refusals: Refusals {
        no_file: "No file was chosen. Choose a file, then send.",
        unknown_type: "This type of file is not accepted. Send a photo (JPEG or PNG) or a PDF.",
        type_mismatch: "The content of this file does not match its type. Take a photo of the document instead.",
        damaged: "This file is incomplete or damaged. Open it to check, or take a new photo.",
        encrypted: "This PDF is protected by a password. Send a version without a password, or a photo.",
        empty: "This file is empty. Choose another one.",
        too_large: |limit| {
            format!("This file is too large: {limit} at most. Take a photo instead, or make it smaller.")
        },
        too_many: |n| {
            if n > 1 {
                format!(
                    "This deposit can hold no more than {n} files. Finish it, then ask for a new code for the rest."
                )
            } else {
                "This deposit can hold only one file. Finish it, then ask for a new code for the rest.".into()
            }
        },
        no_room: "The establishment has no room left for this file. Call them to agree on another way.",
        code_no_longer_valid: "This deposit is finished or its code is no longer valid. Ask the establishment for a new code.",
        interrupted: "Sending was cut off and the file has not arrived. Check the network, then send it again.",
        too_many_attempts: |wait| format!("Too many requests in a short time. Wait {wait}, then try again."),
        session_expired: "This page is out of date. Reload it, then send the file again.",
        too_many_pixels: "This picture has too many pixels to be shown. Send a smaller one.",
        unavailable: "The service is not answering at the moment and the file has not arrived. Try again in a few minutes.",
    },
    receipt: Receipt {
        title: "Receipt for your deposit",
        sent_title: "Sent",
        sent: |name| format!("{name} has received your deposit. Keep this page: it says what becomes of it."),
        withdrawn: "Your deposit is withdrawn. The establishment can no longer open it.",
        reference: "Reference",
        recipient: "Recipient",
        deposited: "Deposited on",
        files: |n| if n > 1 { format!("Your {n} documents") } else { "Your document".into() },
        as_of: |time| format!("State on {time}."),
        keep: "Bookmark this page or print it to find it again. It shows neither the document nor its name.",
        reload: "Refresh",
        item: |n| format!("Document\u{a0}{n}"),
        received: "Received",
        checked: "Checked: readable",
        check_pending: "Being checked",
        unreadable: "Unreadable",
        unreadable_advice: "The establishment may not be able to read it. Ask them for a new code to send it again.",
        seen: "Seen by the establishment",
        not_seen: "Not yet seen by the establishment",
        seen_never: "Never opened by the establishment",
        planned: "Planned deletion",
        on_hold: "Kept longer by the establishment, for a recorded reason",
        deleted: "Deleted",
        by_retention: "on the planned date",
        by_establishment: "by the establishment",
        by_withdrawal: "because you withdrew it",
        badge_received: "Received",
        badge_checked: "Received and readable",
        badge_unreadable: "Unreadable",
        badge_seen: "Seen",
        badge_deleted: "Deleted",
        withdraw_title: "Changed your mind?",
        withdraw_text: "As long as the establishment has opened nothing, you can withdraw this deposit from this device.",
        withdraw: "Withdraw this deposit",
        another: "Send another document to this establishment",
    },
    withdraw: Withdraw {
        title: "Withdraw this deposit?",
        text: |n, name| {
            if n > 1 {
                format!(
                    "Your {n} documents will be deleted for good. {name} will no longer be able to open them."
                )
            } else {
                format!("Your document will be deleted for good. {name} will no longer be able to open it.")
            }
        },
        reference: "Reference",
        then: "Your code can be used again if it is still valid.",
        confirm: "Yes, withdraw and delete",
        cancel: "No, back to the receipt",
    },
    message: Message {
        not_found: "This page does not exist",
        not_found_text: "The address may be incomplete, or what it showed has been deleted. Check it, or find the establishment by its name.",
        too_many: "Too many requests",
        too_many_text: |wait| {
            format!("Too many requests came from your connection. Wait {wait}, then try again.")
        },
        code_gone: "This deposit is no longer open",
        code_gone_text: "Its code is no longer valid, or its time has run out. What has arrived stays arrived. To send something else, ask the establishment for a new code.",
        session: "Your session has ended",
        session_text: "For safety this page does not stay open for ever. Begin again with your code, your link or your QR code.",
        signed_out_text: "Sign in again to go on. Nothing was done.",
        other_establishment: "Another tab works in another establishment",
        other_establishment_text: "The page that this request came from is out of date. Nothing was done. Reload it before you go on.",
        refused: "Request refused",
        refused_text: "This request did not come from the expected page, or the page was too old. Open the page again, then start over.",
        forbidden_text: "Your roles in this establishment do not allow this. Ask its administrator.",
        gone: "Not found",
        gone_text: "It does not exist, or no longer does. Nothing was done.",
        cannot_withdraw: "This deposit can’t be withdrawn here",
        cannot_withdraw_text: "A deposit is withdrawn from the device that sent it, as long as the establishment has not opened it. Call the establishment to have it deleted.",
        failure: "The service has a problem",
        failure_text: "You did nothing wrong. Try again in a few minutes. If it goes on, call the establishment and quote this number.",
        request_id: "Request number",
        go_home: "Find an establishment",
        go_back: "Start again",
        to_receipt: "Back to the receipt",
        sign_in: "Sign in",
        go_on: "Go on",
    },
    script: Script {
        send_one: "Send the document",
        send_many: "Send the {n} documents",
        sending: "Sending…",
        remove: "Remove",
        removed: "{name} removed",
        added_one: "One document ready to send",
        added_many: "{n} documents ready to send",
        waiting: "Ready to send, {size}",
        preparing: "Preparing…",
        progress: "{n}% sent, {done} of {size}",
        announce: "{name}: {n}%",
        almost: "Sent, waiting for confirmation…",
        received: "Received by the establishment",
        retry_in: "The network dropped. New attempt in {n} s.",
        offline: "No network. Sending resumes as soon as it is back.",
        stopped: "The network is not answering. Nothing is lost: try again whenever you like.",
        retry: "Try again now",
        unknown_type: "This type of file is not accepted. Choose a photo (JPEG or PNG) or a PDF.",
        empty: "This file is empty. Choose another one.",
        too_large: "This file is too large: {size}, when {limit} is the most. Take a photo of the document instead.",
        too_large_photo: "This photo is too large: {size}, when {limit} is the most. Make it smaller here: the text will stay readable.",
        reduce: "Make the photo smaller",
        reduced: "Photo reduced to {size}",
        reduce_failed: "This photo could not be made smaller. Take a new one.",
        no_room: "There is no room left: nothing was added.",
        too_many_one: "There is room for one more file only: the others were not added.",
        too_many: "There is room for {n} more files only: the others were not added.",
        duplicate: "This file is already in the list.",
        blocked: "A file in the list can’t be sent as it is. Make it smaller or remove it, then send.",
        refused: "This file was refused. Remove it, or take a photo of the document.",
        closing: "Everything has arrived. Opening your receipt…",
        close_failed: "Everything has arrived, but the receipt does not open. Press “Finish” to try again.",
        some_refused: "Some files were not accepted. Read why below, or finish with what has arrived.",
        state_changed: "The state of the deposit has changed. {name}",
        leave: "Sending is not finished.",
    },
    information: INFORMATION,
};
