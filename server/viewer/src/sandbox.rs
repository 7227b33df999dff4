//! What the child may still do once it touches a stranger's file.
//!
//! Two walls. Resource limits hold everywhere: address space, processor time, no new file, no process, no core
//! dump. On Linux a seccomp filter follows: an allow-list of the few calls that computing and the standard
//! streams need, with their arguments where these matter; any other call kills the process at once. The filter
//! comes with `no_new_privs`. Where there is no filter (another system, an architecture that seccompiler does not
//! know, a container that forbids it) the child stops before it reads the document, unless the order says that
//! the filter is optional.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The sandbox can't be built; nothing was read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSandbox {
    #[error("resource limit {0:?}: {1}")]
    Limit(Resource, rustix::io::Errno),
    #[error("system call filter: {0}")]
    Filter(String),
}

/// The limits that depend on nothing: set before the order is read.
pub(crate) fn limit_always() -> Result<(), NoSandbox> {
    // The three standard streams are open already; a lower number of files than that refuses every new one.
    lower(Resource::Nofile, 3, 3)?;
    lower(Resource::Fsize, 0, 0)?;
    lower(Resource::Core, 0, 0)?;
    lower(Resource::Nproc, 0, 0)
}

/// The limits of the order: address space in bytes, processor time in seconds.
///
/// The soft limit of time gives SIGXCPU, which the parent can tell from a crash; the hard one, a second later, SIGKILL.
pub(crate) fn limit_order(memory: u64, cpu: u64) -> Result<(), NoSandbox> {
    lower(Resource::As, memory, memory)?;
    lower(Resource::Cpu, cpu, cpu.saturating_add(1))
}

/// Limits are only ever lowered: an administrator's stricter one stays.
fn lower(resource: Resource, soft: u64, hard: u64) -> Result<(), NoSandbox> {
    let old = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let new = Rlimit { current: Some(soft.min(old)), maximum: Some(hard.min(old)) };
    setrlimit(resource, new).map_err(|e| NoSandbox::Limit(resource, e))
}

/// Installs the filter on every thread of the process.
#[cfg(all(target_os = "linux", target_endian = "little"))]
pub(crate) fn filter() -> Result<(), NoSandbox> {
    linux::install().map_err(|e| NoSandbox::Filter(e.to_string()))
}

/// There is no filter on this system.
#[cfg(not(all(target_os = "linux", target_endian = "little")))]
pub(crate) fn filter() -> Result<(), NoSandbox> {
    Err(NoSandbox::Filter("seccomp exists on Linux only".to_owned()))
}

#[cfg(all(target_os = "linux", target_endian = "little"))]
mod linux {
    use seccompiler::SeccompCmpArgLen::{Dword, Qword};
    use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
    use seccompiler::{
        BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
        SeccompFilter, SeccompRule,
    };

    /// Allowed whatever the arguments: memory, time, randomness, locks, signals of one's own, the end.
    const FREE: &[i64] = &[
        libc::SYS_brk,
        libc::SYS_clock_gettime,
        libc::SYS_close,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_futex,
        libc::SYS_getpid,
        libc::SYS_getrandom,
        libc::SYS_gettid,
        libc::SYS_madvise,
        libc::SYS_mremap,
        libc::SYS_munmap,
        libc::SYS_restart_syscall,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sched_yield,
        libc::SYS_sigaltstack,
    ];

    pub(super) fn install() -> Result<(), Error> {
        let mut rules: Vec<(i64, Vec<SeccompRule>)> = FREE.iter().map(|call| (*call, Vec::new())).collect();
        // Standard streams only: a descriptor that leaked into the child is of no use to it.
        rules.push((libc::SYS_read, vec![when(0, Dword, Eq, 0)?]));
        for call in [libc::SYS_write, libc::SYS_writev] {
            rules.push((call, vec![when(0, Dword, Eq, 1)?, when(0, Dword, Eq, 2)?]));
        }
        // Memory, but never memory that can be executed.
        for call in [libc::SYS_mmap, libc::SYS_mprotect] {
            rules.push((call, vec![when(2, Qword, MaskedEq(libc::PROT_EXEC.unsigned_abs().into()), 0)?]));
        }
        // `abort` sends a signal to the caller; to nobody else.
        rules.push((libc::SYS_tgkill, vec![when(0, Dword, Eq, std::process::id().into())?]));

        let filter = SeccompFilter::new(
            rules.into_iter().collect(),
            SeccompAction::KillProcess,
            SeccompAction::Allow,
            std::env::consts::ARCH.try_into()?,
        )?;
        let program: BpfProgram = filter.try_into()?;
        seccompiler::apply_filter_all_threads(&program)
    }

    fn when(
        argument: u8,
        length: SeccompCmpArgLen,
        op: SeccompCmpOp,
        value: u64,
    ) -> Result<SeccompRule, BackendError> {
        SeccompRule::new(vec![SeccompCondition::new(argument, length, op, value)?])
    }
}
