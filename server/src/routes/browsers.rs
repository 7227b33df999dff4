//! tower-sessions' store on `domain::browsers`: what a depositor's browser holds.

use std::fmt;

use async_trait::async_trait;
use domain::{Domain, browsers};
use jiff::Timestamp;
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// The store.
#[derive(Clone)]
pub struct Store(pub Domain);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

fn backend(error: impl fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits of ours rather than a thread's generator: one source of randomness in the program.
        record.id = Id(i128::from_be_bytes(self.0.random.bytes().map_err(backend)?));
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let data = serde_json::to_value(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let expires_at = Timestamp::from_second(record.expiry_date.unix_timestamp()).map_err(backend)?;
        browsers::save(&self.0, &record.id.0.to_be_bytes(), &data, expires_at).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, expires_at)) = browsers::load(&self.0, &id.0.to_be_bytes()).await.map_err(backend)?
        else {
            return Ok(None);
        };
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_value(data).map_err(|error| Error::Decode(error.to_string()))?,
            expiry_date: OffsetDateTime::from_unix_timestamp(expires_at.as_second()).map_err(backend)?,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        browsers::delete(&self.0, &id.0.to_be_bytes()).await.map_err(backend)
    }
}
