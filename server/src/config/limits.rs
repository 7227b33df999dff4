//! `[limits]`: rates. What each one bounds is said in SECURITY.md.

use domain::limits::LimitPolicy;
use serde::{Deserialize, Serialize};

/// Rates.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Wrong codes of one address before each next one waits.
    pub code_free: u32,
    /// Wrong codes of one address and hour.
    pub code_per_address: u32,
    /// Wrong codes of one network (IPv4 /24, IPv6 /48) and hour.
    pub code_per_network: u32,
    /// Wrong codes in one establishment and hour.
    pub code_per_establishment: u32,
    /// Wrong codes on the platform and hour.
    pub code_global: u32,
    /// Wrong codes in one establishment and hour after which its staff are told.
    pub code_alert: u32,
    /// Wrong passwords of one account before each next one waits.
    pub sign_in_free: u32,
    /// Wrong passwords of one account and day.
    pub sign_in_per_account: u32,
    /// Wrong passwords of one address and hour.
    pub sign_in_per_address: u32,
    /// Files of one address and hour.
    pub uploads_per_address: u32,
    /// Exports of one person and hour.
    pub exports_per_user: u32,
    /// Anonymous requests of one address and minute.
    pub anonymous_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        let p = LimitPolicy::default();
        Self {
            code_free: p.code_free,
            code_per_address: p.code_per_address,
            code_per_network: p.code_per_network,
            code_per_establishment: p.code_per_establishment,
            code_global: p.code_global,
            code_alert: p.code_alert,
            sign_in_free: p.sign_in_free,
            sign_in_per_account: p.sign_in_per_account,
            sign_in_per_address: p.sign_in_per_address,
            uploads_per_address: p.uploads_per_address,
            exports_per_user: p.exports_per_user,
            anonymous_per_minute: p.anonymous_per_minute,
        }
    }
}

impl Limits {
    /// As the domain takes it.
    pub fn policy(&self) -> LimitPolicy {
        LimitPolicy {
            code_free: self.code_free,
            code_per_address: self.code_per_address,
            code_per_network: self.code_per_network,
            code_per_establishment: self.code_per_establishment,
            code_global: self.code_global,
            code_alert: self.code_alert,
            sign_in_free: self.sign_in_free,
            sign_in_per_account: self.sign_in_per_account,
            sign_in_per_address: self.sign_in_per_address,
            uploads_per_address: self.uploads_per_address,
            exports_per_user: self.exports_per_user,
            anonymous_per_minute: self.anonymous_per_minute,
        }
    }
}
