//! A code, a deposit under it, its document and receipt.

use std::convert::Infallible;

use bytes::Bytes;
use domain::{
    Depositor, Staff, codes,
    documents::{self, Incoming},
};
use futures_util::stream;
use model::{
    codes::{CodeView, LinkToken, NewCode},
    documents::DocumentQuery,
    ids::{CodeId, DocumentId, UserId},
    roles::Role,
};

use super::{App, House, files, people};

/// Things of one establishment that requests can be about.
#[derive(Clone)]
pub struct Objects {
    pub slug: String,
    /// A code with a use left.
    pub code: CodeId,
    pub typed: String,
    pub link: String,
    /// A document that nobody has opened, and the receipt of its deposit.
    pub document: DocumentId,
    pub receipt: String,
    /// The browser that deposited it.
    pub depositor: Depositor,
    /// A nurse.
    pub member: UserId,
}

pub fn new_code(deposits: u32) -> NewCode {
    NewCode {
        label: "Ordonnance du 12 mars".parse().unwrap(),
        note: None,
        validity: 60.try_into().unwrap(),
        max_deposits: deposits.try_into().unwrap(),
        max_files: 3.try_into().unwrap(),
    }
}

impl App {
    pub async fn code(&self, who: &Staff, deposits: u32) -> CodeView {
        codes::generate(&self.d, who, &new_code(deposits)).await.unwrap()
    }

    pub async fn objects(&self, house: &House) -> Objects {
        let staff = self.member(house, &[Role::Pharmacist]).await;
        let code = self.code(&staff, 5).await;
        let secret = code.secret.unwrap();
        let link: LinkToken = secret.link.rsplit('/').next().unwrap().parse().unwrap();
        let depositor = codes::follow(&self.d, people::origin(), house.id, &link).await.unwrap();
        let document = self.receive(&staff, &depositor, "radio de l’épaule.jpg", files::JPEG).await;
        Objects {
            slug: house.slug.clone(),
            code: code.summary.id,
            typed: secret.value.to_string(),
            link: link.as_ref().to_owned(),
            document,
            receipt: documents::receipt_token(&self.d, &depositor).as_ref().to_owned(),
            depositor,
            member: self.member(house, &[Role::Nurse]).await.user,
        }
    }

    /// A document that came in under this name.
    pub async fn receive(&self, staff: &Staff, who: &Depositor, name: &str, content: &[u8]) -> DocumentId {
        // A moment of its own: the newest is this one.
        self.seconds(1);
        let key = self.d.random.uuid(self.d.now()).unwrap().to_string();
        let incoming = Incoming { name, declared_type: None, idempotency_key: &key, declared_size: None };
        let body = stream::iter([Ok::<_, Infallible>(Bytes::copy_from_slice(content))]);
        documents::receive(&self.d, who, incoming, body).await.unwrap();
        documents::list(&self.d, staff, &DocumentQuery::default()).await.unwrap().items[0].id
    }
}
