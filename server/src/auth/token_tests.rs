//! What a token must be to be accepted.

use super::*;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(1_795_269_900_000);
const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

fn claims() -> Claims {
    Claims {
        iss: Tokens::issuer(),
        sub: UserId(Uuid::nil()),
        jti: "one".into(),
        sid: "session".into(),
        iat: NOW.millis() / 1_000,
        exp: NOW.millis() / 1_000 + 60,
        generation: 0,
        tenant: TenantId(Uuid::nil()),
        role: Role::Dispatcher,
        name: "Maria".into(),
        carrier: None,
        driver: None,
    }
}

#[test]
fn a_token_reads_back_until_its_end() {
    let tokens = Tokens::new(KEY);
    let token = tokens.sign(&claims()).unwrap();
    assert_eq!(tokens.read(&token, NOW), Ok(claims()));
    assert_eq!(tokens.read(&token, NOW.plus(59_999)), Ok(claims()));
    assert_eq!(tokens.read(&token, NOW.plus(60_000)), Err(TokenError::Expired));
}

#[test]
fn a_token_of_another_key_issuer_or_algorithm_is_refused() {
    let tokens = Tokens::new(KEY);
    let other_key = Tokens::new(b"another key of thirty-two bytes!").sign(&claims()).unwrap();
    let other_issuer = tokens.sign(&Claims { iss: "elsewhere".into(), ..claims() }).unwrap();
    let other_algorithm =
        jsonwebtoken::encode(&Header::new(Algorithm::HS512), &claims(), &EncodingKey::from_secret(KEY)).unwrap();
    for token in [other_key, other_issuer, other_algorithm, unsigned(), "x.y.z".into(), String::new()] {
        assert_eq!(tokens.read(&token, NOW), Err(TokenError::Invalid), "{token}");
    }
}

#[test]
fn a_token_whose_claims_were_changed_is_refused() {
    let tokens = Tokens::new(KEY);
    let token = tokens.sign(&claims()).unwrap();
    let parts: Vec<_> = token.split('.').collect();
    let raised = serde_json::to_vec(&Claims { role: Role::Admin, ..claims() }).unwrap();
    let forged = format!("{}.{}.{}", parts[0], BASE64_URL_SAFE_NO_PAD.encode(raised), parts[2]);
    assert_eq!(tokens.read(&forged, NOW), Err(TokenError::Invalid));
}

/// A token of algorithm `none`.
fn unsigned() -> String {
    let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let body = BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims()).unwrap());
    format!("{header}.{body}.")
}
