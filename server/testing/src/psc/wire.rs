//! Answers, forms and queries.

use std::collections::HashMap;

use domain::fetch::FetchResponse;
use serde_json::Value;

pub(super) fn respond(status: u16, kind: &str, body: Vec<u8>) -> FetchResponse {
    http::Response::builder().status(status).header("content-type", kind).body(body).expect("an answer")
}

pub(super) fn document(status: u16, value: &Value) -> FetchResponse {
    respond(status, "application/json", value.to_string().into_bytes())
}

/// Pairs of a query or a form.
pub fn query(text: &str) -> HashMap<String, String> {
    let decode = |text: &str| {
        let (bytes, mut out, mut at) = (text.as_bytes(), vec![], 0);
        while at < bytes.len() {
            match bytes[at] {
                b'%' => {
                    out.push(u8::from_str_radix(&text[at + 1..at + 3], 16).expect("percent encoding"));
                    at += 2;
                }
                b'+' => out.push(b' '),
                other => out.push(other),
            }
            at += 1;
        }
        String::from_utf8(out).expect("UTF-8")
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (decode(key), decode(value)))
        .collect()
}
