//! Acts, actors and objects in words. What this version doesn't know is shown as it is recorded.

use crate::{I18n, shell::role_name, tx};

/// An act: "Ouverture d'un document".
pub(super) fn act(i18n: I18n, action: &str) -> String {
    match action {
        "documents.receive" => tx!(i18n, audit.documents_receive),
        "documents.close_deposit" => tx!(i18n, audit.documents_close_deposit),
        "documents.withdraw" => tx!(i18n, audit.documents_withdraw),
        "documents.list" => tx!(i18n, audit.documents_list),
        "documents.open" => tx!(i18n, audit.documents_open),
        "documents.download" => tx!(i18n, audit.documents_download),
        "documents.done" => tx!(i18n, audit.documents_done),
        "documents.reopen" => tx!(i18n, audit.documents_reopen),
        "documents.unseen" => tx!(i18n, audit.documents_unseen),
        "documents.shorten" => tx!(i18n, audit.documents_shorten),
        "documents.hold" => tx!(i18n, audit.documents_hold),
        "documents.release" => tx!(i18n, audit.documents_release),
        "documents.delete" => tx!(i18n, audit.documents_delete),
        "documents.undelete" => tx!(i18n, audit.documents_undelete),
        "documents.erase" => tx!(i18n, audit.documents_erase),
        "documents.expire" => tx!(i18n, audit.documents_expire),
        "documents.forget" => tx!(i18n, audit.documents_forget),
        "codes.generate" => tx!(i18n, audit.codes_generate),
        "codes.show" => tx!(i18n, audit.codes_show),
        "codes.list" => tx!(i18n, audit.codes_list),
        "codes.extend" => tx!(i18n, audit.codes_extend),
        "codes.revoke" => tx!(i18n, audit.codes_revoke),
        "codes.guessing" => tx!(i18n, audit.codes_guessing),
        "members.list" => tx!(i18n, audit.members_list),
        "members.add" => tx!(i18n, audit.members_add),
        "members.change_roles" => tx!(i18n, audit.members_change_roles),
        "members.disable" => tx!(i18n, audit.members_disable),
        "members.end_sessions" => tx!(i18n, audit.members_end_sessions),
        "members.sessions" => tx!(i18n, audit.members_sessions),
        "members.enable" => tx!(i18n, audit.members_enable),
        "members.requests" => tx!(i18n, audit.members_requests),
        "members.accept" => tx!(i18n, audit.members_accept),
        "members.decline" => tx!(i18n, audit.members_decline),
        "members.invite" => tx!(i18n, audit.members_invite),
        "members.invite_again" => tx!(i18n, audit.members_invite_again),
        "members.withdraw_invitation" => tx!(i18n, audit.members_withdraw_invitation),
        "members.accept_invitation" => tx!(i18n, audit.members_accept_invitation),
        "members.invitations" => tx!(i18n, audit.members_invitations),
        "members.psc_link" => tx!(i18n, audit.members_psc_link),
        "members.psc_unlink" => tx!(i18n, audit.members_psc_unlink),
        "members.rename" => tx!(i18n, audit.members_rename),
        "settings.read" => tx!(i18n, audit.settings_read),
        "settings.change" => tx!(i18n, audit.settings_change),
        "settings.psc_only" => tx!(i18n, audit.settings_psc_only),
        "settings.open_fallback" => tx!(i18n, audit.settings_open_fallback),
        "settings.close_fallback" => tx!(i18n, audit.settings_close_fallback),
        "settings.room" => tx!(i18n, audit.settings_room),
        "audit.read" => tx!(i18n, audit.audit_read),
        "audit.export" => tx!(i18n, audit.audit_export),
        unknown => unknown.to_owned(),
    }
}

/// Who acted: a name, or the kind of actor in words.
pub(super) fn actor(i18n: I18n, actor: String) -> String {
    match &*actor {
        "depositor" => tx!(i18n, audit.actor_depositor),
        "system" => tx!(i18n, audit.actor_system),
        "staff" => tx!(i18n, audit.actor_staff),
        _ => actor,
    }
}

/// The roles held then, in one line.
pub(super) fn roles(i18n: I18n, names: &[String]) -> String {
    let words =
        names.iter().map(|name| name.parse().map_or_else(|_| name.clone(), |role| role_name(i18n, role)));
    words.collect::<Vec<_>>().join(", ")
}

/// Kind of an object.
pub(super) fn object_kind(i18n: I18n, kind: String) -> String {
    match &*kind {
        "document" => tx!(i18n, audit.kind_document),
        "code" => tx!(i18n, audit.kind_code),
        "user" => tx!(i18n, audit.kind_user),
        "deposit" => tx!(i18n, audit.kind_deposit),
        "invitation" => tx!(i18n, audit.kind_invitation),
        _ => kind,
    }
}

/// A capability's name in the filter.
pub(super) fn capability(i18n: I18n, name: &str) -> String {
    match name {
        "documents" => tx!(i18n, audit.documents),
        "codes" => tx!(i18n, audit.codes),
        "members" => tx!(i18n, audit.members),
        "settings" => tx!(i18n, audit.settings),
        "audit" => tx!(i18n, audit.audit),
        unknown => unknown.to_owned(),
    }
}

/// The end of an id, enough to compare by eye. (The beginning of a UUID v7 is its time: neighbours share it.)
pub(super) fn short_id(id: &str) -> &str {
    id.char_indices().rev().nth(7).map_or(id, |(start, _)| &id[start..])
}

#[cfg(test)]
mod tests {
    use super::short_id;

    #[test]
    fn the_end_of_an_id_tells_neighbours_apart() {
        assert_eq!(short_id("0198c2f3-7d10-7abc-8def-0123456789ab"), "456789ab");
        assert_eq!(short_id("short"), "short");
    }
}
