//! Keys are made once, however many programs start at once.

use std::{fs, os::unix::fs::PermissionsExt, sync::Barrier, thread};

use domain::random::Random;
use server::{config::Secrets, keys};

const STARTS: usize = 8;

#[test]
fn first_starts_at_once_agree_on_the_keys() {
    for _ in 0..40 {
        let folder = tempfile::tempdir().unwrap();
        let ready = Barrier::new(STARTS);
        let start = || {
            ready.wait();
            let keys = keys::load(&Secrets::default(), folder.path(), &Random::system()).unwrap();
            (keys.master, keys.pepper, keys.signing)
        };
        let all: Vec<_> = thread::scope(|scope| {
            let starts: Vec<_> = (0..STARTS).map(|_| scope.spawn(start)).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(
            all.iter().all(|keys| keys == &all[0]),
            "{:?}",
            all.iter().map(|k| &k.1[..2]).collect::<Vec<_>>()
        );
        let again = keys::load(&Secrets::default(), folder.path(), &Random::system()).unwrap();
        assert_eq!((again.master, again.pepper, again.signing), all[0], "and so do later ones");
        let mut files: Vec<_> = fs::read_dir(folder.path().join("keys"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        files.sort();
        assert_eq!(files, ["master.age-identity", "pepper", "signing"], "nothing is left lying about");
        for file in files {
            let mode = fs::metadata(folder.path().join("keys").join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
