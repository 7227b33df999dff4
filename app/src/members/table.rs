//! The people as a table, and what can be done to each.

use leptos::prelude::*;
use model::{
    ids::UserId,
    members::Member,
    roles::{Role, Roles},
};

use super::change::Acts;
use crate::{
    i18n::use_i18n,
    shell::{When, role_name},
    tx,
    ui::{Badge, Button, Cell, Icon, Table, Tone, Variant},
};

/// Given and family name.
pub(super) fn full_name(member: &Member) -> String {
    format!("{} {}", member.given_name, member.family_name)
}

/// A page of people. `own` is who looks at it.
#[component]
pub(super) fn People(members: Vec<Member>, own: UserId, acts: Acts, busy: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let rows =
        members.into_iter().map(|member| view! { <Row member=member own=own acts=acts /> }).collect_view();
    view! {
        <Table caption=tx!(i18n, members.caption) class="members" busy=busy>
            <thead>
                <tr>
                    <th scope="col">{tx!(i18n, members.person)}</th>
                    <th scope="col">{tx!(i18n, members.roles)}</th>
                    <th scope="col">{tx!(i18n, members.state)}</th>
                    <th scope="col" class="cell-wide-only">{tx!(i18n, members.since)}</th>
                    <th scope="col">{tx!(i18n, members.last_sign_in)}</th>
                    <th scope="col" class="cell-actions">
                        <span class="visually-hidden">{tx!(i18n, members.actions)}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}

#[component]
fn Row(member: Member, own: UserId, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let (is_own, name) = (member.user == own, full_name(&member));
    let state = if member.active {
        view! { <Badge tone=Tone::Success text=tx!(i18n, members.active) /> }
    } else {
        view! { <Badge icon=Icon::Ban text=tx!(i18n, members.disabled) /> }
    };
    let last = match member.last_sign_in {
        Some(at) => view! { <When at=at /> }.into_any(),
        None => view! { <span class="muted">{tx!(i18n, members.never)}</span> }.into_any(),
    };
    let actions = if is_own {
        view! { <span class="members-own">{tx!(i18n, members.own_row)}</span> }.into_any()
    } else {
        view! { <Actions member=member.clone() acts=acts /> }.into_any()
    };
    let psc = member.linked.then(|| view! {
        <span class="members-psc">
            <Badge icon=Icon::ShieldCheck text=tx!(i18n, members.psc) />
            {member.rpps.map(|rpps| view! { <small>{tx!(i18n, members.rpps, number = rpps.as_ref().to_owned())}</small> })}
        </span>
    });
    view! {
        <tr>
            <Cell class="cell-title">
                {name}
                {is_own.then(|| view! { " " <Badge tone=Tone::Info icon=Icon::User text=tx!(i18n, members.you) /> })}
                {member.email.map(|email| view! { <small>{email}</small> })}
                {psc}
            </Cell>
            <Cell label=tx!(i18n, members.roles)>
                <RoleBadges roles=member.roles />
            </Cell>
            <Cell label=tx!(i18n, members.state)>{state}</Cell>
            <Cell label=tx!(i18n, members.since) class="cell-wide-only cell-nowrap">
                <When at=member.member_since date=true />
            </Cell>
            <Cell label=tx!(i18n, members.last_sign_in) class="cell-nowrap">
                {last}
            </Cell>
            <Cell class="cell-actions">{actions}</Cell>
        </tr>
    }
}

#[component]
fn RoleBadges(roles: Roles) -> impl IntoView {
    let i18n = use_i18n();
    let badges = roles
        .iter()
        .map(|role| {
            let icon = match role {
                Role::Administrator => Icon::ShieldCheck,
                Role::Secretary | Role::Researcher => Icon::User,
                _ => Icon::Stethoscope,
            };
            view! { <li><Badge icon=icon text=role_name(i18n, role) /></li> }
        })
        .collect_view();
    view! { <ul class="members-roles">{badges}</ul> }
}

#[component]
fn Actions(member: Member, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let name = full_name(&member);
    let edit_label = tx!(i18n, members.edit_of, name = name.clone());
    let sessions_label = tx!(i18n, members.sessions_of, name = name.clone());
    let of = member.clone();
    let sessions = move |_| acts.show_sessions(of.clone());
    let edited = member.clone();
    let edit = move |_| acts.edit(edited.clone());
    let access = if member.active {
        let label = tx!(i18n, members.disable_of, name = name);
        view! {
            <Button small=true variant=Variant::Ghost icon=Icon::Ban label=label
                on_click=move |_| acts.ask_to_disable(member.clone()) />
        }
        .into_any()
    } else {
        let label = tx!(i18n, members.enable_of, name = name);
        view! {
            <Button small=true variant=Variant::Ghost icon=Icon::CircleCheck label=label
                on_click=move |_| acts.enable(i18n, &member) />
        }
        .into_any()
    };
    view! {
        <Button small=true variant=Variant::Ghost icon=Icon::Monitor label=sessions_label on_click=sessions />
        <Button small=true variant=Variant::Ghost icon=Icon::Pencil label=edit_label on_click=edit />
        {access}
    }
}
