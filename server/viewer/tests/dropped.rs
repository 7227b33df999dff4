//! Nobody waits for the picture any more: the child goes, and its place is free. Alone in its file, so that all
//! children of this process are its own.

#![expect(clippy::unwrap_used, reason = "helpers of tests are not in functions marked as tests")]

use std::time::Duration;

use image::{ImageFormat, RgbImage};
use viewer::{Kind, Limits, Viewer};

/// Living children of this process that run the test child.
fn children() -> usize {
    let me = std::process::id().to_string();
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    all.filter(|entry| {
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let mut after_name = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        let (state, parent) = (after_name.next(), after_name.next());
        state != Some("Z") && parent == Some(&me)
    })
    .count()
}

#[tokio::test]
async fn dropped_futures_kill_their_children_which_were_never_more_than_there_are_places() {
    let viewer = Viewer::new(env!("CARGO_BIN_EXE_viewer-test-child"), 2, Limits::default());
    let endless = || viewer.probe(Kind::Png, &b"deed: spin"[..]);
    let crowd = async { tokio::join!(endless(), endless(), endless(), endless()) };
    let count = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        children()
    };
    tokio::select! {
        _ = crowd => panic!("a child ended by itself"),
        living = count => assert_eq!(living, 2),
    }
    for _ in 0..100 {
        if children() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(children(), 0);
    let mut png = std::io::Cursor::new(Vec::new());
    RgbImage::new(9, 9).write_to(&mut png, ImageFormat::Png).unwrap();
    assert!(viewer.probe(Kind::Png, &png.into_inner()[..]).await.unwrap().is_ok());
}
