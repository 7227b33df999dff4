//! The one client with which this server asks others: short patience, no redirects, small answers.

use std::{path::Path, time::Duration};

use domain::fetch::{Fetch, FetchError, FetchRequest, FetchResponse};
use futures_util::StreamExt;

use crate::start::StartError;

const CONNECT: Duration = Duration::from_secs(3);
/// For a whole answer: somebody waits for it.
const WHOLE: Duration = Duration::from_secs(8);
/// Most of an answer's body. Metadata, keys and identities are some kilobytes.
const MOST: usize = 1024 * 1024;

/// Makes the client; `certificate` is a file of PEM with a certificate and its private key, for servers that want one.
///
/// # Errors
/// The certificate can't be read.
pub fn client(certificate: Option<&Path>) -> Result<Fetch, StartError> {
    // TLS is rustls with ring everywhere. That it is set already is no error.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .timeout(WHOLE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("CareLink/", env!("CARGO_PKG_VERSION")));
    if let Some(path) = certificate {
        let pem = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        builder = builder.identity(reqwest::Identity::from_pem(&pem)?);
    }
    let client = builder.build()?;
    Ok(Fetch::new(move |request| {
        let client = client.clone();
        async move { send(&client, request).await }
    }))
}

async fn send(client: &reqwest::Client, request: FetchRequest) -> Result<FetchResponse, FetchError> {
    // Not the whole error: its text holds the address, and an address may hold a secret.
    let unreachable = |error: reqwest::Error| FetchError::Unreachable(error.without_url().to_string());
    let request = reqwest::Request::try_from(request).map_err(unreachable)?;
    let answer = client.execute(request).await.map_err(unreachable)?;
    let mut response = http::Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.clone_from(answer.headers());
    }
    let mut body = Vec::new();
    let mut pieces = answer.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(unreachable)?;
        if body.len() + piece.len() > MOST {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    response.body(body).map_err(|error| FetchError::Unreachable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_comes_with_its_key_or_the_server_does_not_start() {
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("testing/src/files");
        client(Some(&files.join("client-certificate.pem"))).map(drop).unwrap();
        // A key alone; nothing at all.
        for file in ["psc-key-1.pem", "absent.pem"] {
            assert!(client(Some(&files.join(file))).is_err(), "{file}");
        }
    }
}
