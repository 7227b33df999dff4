//! The library's client with our settings, and the errors of its token requests.

use openidconnect::{
    AdditionalClaims, AuthType, AuthUrl, ClientId, ClientSecret, EmptyExtraTokenFields, EndpointNotSet,
    EndpointSet, IdToken, IdTokenFields, IssuerUrl, RedirectUrl, RequestTokenError, StandardErrorResponse,
    StandardTokenResponse, TokenUrl,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    PscError,
    provider::Provider,
    settings::{ClientAuthentication, PscSettings},
};
use crate::fetch::FetchError;

/// Claims of the identity token beside the standard ones.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Extra {
    /// The provider's session, for back-channel logout.
    #[serde(default)]
    pub sid: Option<String>,
}
impl AdditionalClaims for Extra {}

pub(super) type Token =
    IdToken<Extra, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Fields = IdTokenFields<
    Extra,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
pub(super) type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type TokenFailure = StandardErrorResponse<CoreErrorResponseType>;
pub(super) type Client = openidconnect::Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    TokenFailure,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointNotSet,
>;

/// A client for this provider.
pub(super) fn client(settings: &PscSettings, provider: &Provider) -> Result<Client, PscError> {
    let metadata = &provider.metadata;
    let bad = |error: openidconnect::url::ParseError| PscError::Unavailable(format!("metadata: {error}"));
    let with_certificate = matches!(settings.authentication, ClientAuthentication::Certificate);
    let alias = metadata.mtls_endpoint_aliases.as_ref().filter(|_| with_certificate);
    let token_endpoint =
        alias.and_then(|alias| alias.token_endpoint.as_ref()).unwrap_or(&metadata.token_endpoint);
    let mut client = openidconnect::Client::new(
        ClientId::new(settings.client_id.clone()),
        IssuerUrl::new(settings.issuer.clone()).map_err(bad)?,
        provider.keys.clone(),
    )
    .set_auth_uri(AuthUrl::new(metadata.authorization_endpoint.clone()).map_err(bad)?)
    .set_token_uri(TokenUrl::new(token_endpoint.clone()).map_err(bad)?)
    .set_redirect_uri(RedirectUrl::new(settings.redirect_uri.clone()).map_err(bad)?);
    client = match &settings.authentication {
        ClientAuthentication::SecretPost(secret) => {
            client.set_client_secret(ClientSecret::new(secret.clone())).set_auth_type(AuthType::RequestBody)
        }
        ClientAuthentication::SecretBasic(secret) => {
            client.set_client_secret(ClientSecret::new(secret.clone())).set_auth_type(AuthType::BasicAuth)
        }
        // The connection says who we are; the body only names us.
        ClientAuthentication::Certificate => client.set_auth_type(AuthType::RequestBody),
    };
    Ok(client)
}

/// What a failed token request means.
pub(super) fn token_error(error: RequestTokenError<FetchError, TokenFailure>) -> PscError {
    match error {
        RequestTokenError::ServerResponse(response) => match response.error() {
            // The code was used or has expired: begin again.
            CoreErrorResponseType::InvalidGrant => PscError::Expired,
            CoreErrorResponseType::Extension(name)
                if name == "temporarily_unavailable" || name == "server_error" =>
            {
                PscError::Unavailable(name.clone())
            }
            other => PscError::Refused(other.to_string()),
        },
        RequestTokenError::Request(error) => PscError::Unavailable(error.to_string()),
        // A gateway's page instead of JSON.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            PscError::Unavailable("the token endpoint gave no token answer".into())
        }
    }
}
