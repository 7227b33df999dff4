//! What goes wrong through nobody's input: the database, the disk, the kernel.

/// An incident. Its text is for logs; people see a request id.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// PostgreSQL or the way to it.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// Migration of a schema.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Where documents lie.
    #[error("object store: {0}")]
    Store(#[from] object_store::Error),
    /// Encryption or decryption of what we stored ourselves.
    #[error("vault: {0}")]
    Vault(String),
    /// Files and pipes.
    #[error("i/o: {0}")]
    Io(#[from] std::io::Error),
    /// The kernel's generator.
    #[error(transparent)]
    Randomness(#[from] crate::random::NoRandomness),
    /// A value of ours that doesn't read back.
    #[error("data: {0}")]
    Data(String),
    /// A mail was not taken over.
    #[error("mail: {0}")]
    Mail(String),
    /// The viewer could not be started.
    #[error("viewer: {0}")]
    Viewer(String),
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Data(error.to_string())
    }
}

/// The answer of a use case that can only be forbidden, miss its object or meet an incident.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The actor's roles don't allow it.
    #[error("forbidden")]
    Forbidden,
    /// No such thing in the actor's establishment (another establishment's things look the same).
    #[error("not found")]
    NotFound,
    /// An incident.
    #[error(transparent)]
    Fault(#[from] Fault),
}

macro_rules! fault_from {
    ($($into:ty),*) => {$(
        impl From<sqlx::Error> for $into {
            fn from(error: sqlx::Error) -> Self {
                Self::Fault(error.into())
            }
        }
        impl From<$crate::random::NoRandomness> for $into {
            fn from(error: $crate::random::NoRandomness) -> Self {
                Self::Fault(error.into())
            }
        }
    )*};
}
pub(crate) use fault_from;
fault_from!(Refused);
