//! Open sessions, as people recognise them.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{
    identity::{Method, Transport},
    ids::SessionId,
    time::Moment,
};

/// An open session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Id.
    pub id: SessionId,
    /// What the browser says of itself.
    pub device: Device,
    /// How it was opened.
    pub method: Method,
    /// Whether a browser holds it, or a program.
    pub transport: Transport,
    /// From where it was opened.
    pub network: Network,
    /// In which establishment it works.
    pub establishment: Option<String>,
    /// When the person signed in.
    pub signed_in_at: Moment,
    /// Last activity, to the minute or so.
    pub last_active_at: Moment,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Where a session was opened, as roughly as an address tells without asking anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// The beginning of the address and what stands for the rest: `192.0.2.…`, `2001:db8:…`.
    pub prefix: String,
    /// Whether it is the network of the session that asks.
    pub here: bool,
}

impl Network {
    /// Of an address, seen from another: IPv4 to 24 bits, IPv6 to 48, an IPv4 address inside IPv6 as IPv4.
    pub fn of(address: IpAddr, seen_from: Option<IpAddr>) -> Self {
        let prefix = prefix(address);
        let here = seen_from.is_some_and(|other| self::prefix(other) == prefix);
        Self { prefix, here }
    }
}

fn prefix(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.…")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:…")
        }
    }
}

/// Browser and system, where the `User-Agent` (RFC 9110, 10.1.5) tells them. It is what the other side says, good for
/// recognising one's own devices, proof of nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// `Firefox`, `Chrome`…
    pub browser: Option<String>,
    /// `Windows`, `Android`…
    pub system: Option<String>,
    /// Whether it says that it is a telephone.
    pub phone: bool,
}

/// What names a browser, before what many of them name too.
const BROWSERS: [(&str, &str); 10] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

impl Device {
    /// Reads a `User-Agent`. What is not known stays open.
    pub fn read(user_agent: &str) -> Self {
        let named = |names: &[(&str, &str)]| {
            names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| (*name).to_owned())
        };
        Self {
            browser: named(&BROWSERS),
            system: named(&SYSTEMS),
            phone: user_agent.contains("Mobi") && !user_agent.contains("iPad"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_devices_are_recognised() {
        let read = |text: &str| {
            let device = Device::read(text);
            (device.browser.unwrap_or_default(), device.system.unwrap_or_default(), device.phone)
        };
        for (text, browser, system, phone) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox",
                "Windows",
                false,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge",
                "Windows",
                false,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
                "Safari",
                "macOS",
                false,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1",
                "Chrome",
                "iOS",
                true,
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet",
                "Android",
                true,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                "Chrome",
                "Linux",
                false,
            ),
            ("curl/8.5.0", "", "", false),
            ("", "", "", false),
        ] {
            assert_eq!(read(text), (browser.to_owned(), system.to_owned(), phone), "{text}");
        }
    }

    #[test]
    fn neighbours_are_one_network() {
        let network = |of: &str, from: &str| Network::of(of.parse().unwrap(), Some(from.parse().unwrap()));
        assert_eq!(network("192.0.2.1", "192.0.2.200"), Network { prefix: "192.0.2.…".into(), here: true });
        assert!(!network("192.0.2.1", "192.0.3.1").here);
        assert!(network("::ffff:192.0.2.1", "192.0.2.9").here);
        assert_eq!(
            network("2001:db8:1:2::1", "2001:db8:1:3::9"),
            Network { prefix: "2001:db8:1:…".into(), here: true }
        );
    }
}
