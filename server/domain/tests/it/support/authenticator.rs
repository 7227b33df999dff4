//! A device that makes one passkey and answers with it (Web Authentication Level 3), as a browser hands it on.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto, jwk::Jwk};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const ID: &[u8] = b"a passkey of the tests";
const ORIGIN: &str = "https://carelink.example";
const NAME: &str = "carelink.example";

/// Somebody was there, and showed it with a PIN.
const PRESENT_AND_VERIFIED: u8 = 0x05;
/// A new key follows.
const ATTESTED: u8 = 0x40;

pub struct Authenticator(EncodingKey);

fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn client_data(kind: &str, options: &str) -> Vec<u8> {
    let options: Value = serde_json::from_str(options).unwrap();
    json!({"type": kind, "challenge": options["challenge"], "origin": ORIGIN, "crossOrigin": false})
        .to_string()
        .into_bytes()
}

fn head(flags: u8, counter: u32) -> Vec<u8> {
    let mut data = Sha256::digest(NAME).to_vec();
    data.push(flags);
    data.extend(counter.to_be_bytes());
    data
}

/// A number of a signature: without leading zeros, and never negative.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let bytes = &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..];
    let sign = usize::from(bytes[0] >= 0x80);
    let length = u8::try_from(bytes.len() + sign).unwrap();
    [&[0x02, length], &[0][..sign], bytes].concat()
}

impl Authenticator {
    pub fn new() -> Self {
        Self(EncodingKey::from_ec_pem(testing::files::PASSKEY).unwrap())
    }

    /// The answer to a passkey's making.
    pub fn makes(&self, options: &str) -> String {
        let key = serde_json::to_value(Jwk::from_encoding_key(&self.0, Algorithm::ES256).unwrap()).unwrap();
        let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
        let mut data = head(PRESENT_AND_VERIFIED | ATTESTED, 0);
        data.extend([0; 16]);
        data.extend(u16::try_from(ID.len()).unwrap().to_be_bytes());
        data.extend(ID);
        // COSE: EC2, ES256, P-256.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(part("x"));
        data.extend([0x22, 0x58, 0x20]);
        data.extend(part("y"));
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let client = client_data("webauthn.create", options);
        let response = json!({"attestationObject": base64(object), "clientDataJSON": base64(client)});
        json!({"id": base64(ID), "rawId": base64(ID), "type": "public-key", "extensions": {}, "response": response})
            .to_string()
    }

    /// The answer to a challenge, as the so-manieth of the device.
    pub fn answers(&self, options: &str, counter: u32) -> String {
        let client = client_data("webauthn.get", options);
        let data = head(PRESENT_AND_VERIFIED, counter);
        let message = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature = crypto::sign(&message, &self.0, Algorithm::ES256).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let numbers = [integer(&signature[..32]), integer(&signature[32..])].concat();
        let der = [&[0x30, u8::try_from(numbers.len()).unwrap()], numbers.as_slice()].concat();
        let response = json!({"authenticatorData": base64(data), "clientDataJSON": base64(client),
            "signature": base64(der), "userHandle": null});
        json!({"id": base64(ID), "rawId": base64(ID), "type": "public-key", "extensions": {}, "response": response})
            .to_string()
    }
}
