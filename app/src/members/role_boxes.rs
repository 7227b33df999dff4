//! One box for each role, with what the role allows.

use leptos::prelude::*;
use model::roles::{Permission, Role, Roles};

use crate::{
    I18n,
    i18n::use_i18n,
    shell::role_name,
    tx,
    ui::{Checkbox, Icon},
};

/// The state of the boxes, in the order of [`Role::ALL`].
#[derive(Clone, Copy)]
pub(super) struct RoleBoxes(StoredValue<[RwSignal<bool>; Role::ALL.len()]>);

impl RoleBoxes {
    /// Nothing checked.
    pub fn new() -> Self {
        Self(StoredValue::new(std::array::from_fn(|_| RwSignal::new(false))))
    }

    fn each(self) -> impl Iterator<Item = (Role, RwSignal<bool>)> {
        Role::ALL.into_iter().zip(self.0.get_value())
    }

    /// Checks these roles and no other.
    pub fn set(self, roles: &Roles) {
        for (role, checked) in self.each() {
            checked.set(roles.hold(role));
        }
    }

    /// The checked roles; tracks the boxes.
    pub fn get(self) -> Roles {
        let checked = self.each().filter(|(_, checked)| checked.get());
        checked.map(|(role, _)| role).collect::<Vec<_>>().into()
    }

    /// The checked roles now.
    pub fn get_untracked(self) -> Roles {
        untrack(|| self.get())
    }
}

fn permission_text(i18n: I18n, permission: Permission) -> String {
    match permission {
        Permission::Codes => tx!(i18n, members.may_codes),
        Permission::ListDocuments => tx!(i18n, members.may_list_documents),
        Permission::OpenDocuments => tx!(i18n, members.may_open_documents),
        Permission::DeleteDocuments => tx!(i18n, members.may_delete_documents),
        Permission::Settings => tx!(i18n, members.may_settings),
        Permission::People => tx!(i18n, members.may_people),
        Permission::Audit => tx!(i18n, members.may_audit),
    }
}

/// What a role allows, in one line.
fn role_text(i18n: I18n, role: Role) -> String {
    let permissions = role.permissions();
    if permissions.is_empty() {
        return tx!(i18n, members.may_nothing);
    }
    let mut words: Vec<String> = permissions.iter().map(|may| permission_text(i18n, *may)).collect();
    if !permissions.contains(&Permission::OpenDocuments) {
        words.push(tx!(i18n, members.no_content));
    }
    let line = words.join(", ");
    let mut letters = line.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

/// The boxes as a group. `name` makes their ids unique on the page.
#[component]
pub(super) fn RolesField(
    name: &'static str,
    boxes: RoleBoxes,
    /// What is wrong with the choice as a whole.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let described = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        move || if error.with(Option::is_some) { format!("{hint_id} {error_id}") } else { hint_id.clone() }
    };
    let rows = boxes
        .each()
        .map(|(role, checked)| {
            view! {
                <Checkbox name="roles" id=format!("{name}-{role}") value=role.as_str() label=role_name(i18n, role)
                    hint=role_text(i18n, role) bind=checked />
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" class:field-wrong=move || error.with(Option::is_some) aria-describedby=described tabindex="-1">
            <legend class="field-label">{tx!(i18n, members.roles)}</legend>
            <p class="field-hint" id=hint_id>{tx!(i18n, members.roles_hint)}</p>
            <div class="role-boxes">{rows}</div>
            {move || error.get().map(|text| view! {
                <p class="field-error" id=error_id.clone()>{Icon::CircleAlert.view()} <span>{text}</span></p>
            })}
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boxes_give_back_the_roles_that_they_were_given() {
        Owner::new().with(|| {
            let boxes = RoleBoxes::new();
            assert!(boxes.get_untracked().is_empty());
            let roles = Roles::from(vec![Role::Secretary, Role::Administrator]);
            boxes.set(&roles);
            assert_eq!(boxes.get_untracked(), roles);
        });
    }
}
