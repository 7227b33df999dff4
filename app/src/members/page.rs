//! The list of people, its search, and its dialogs.

use leptos::{html, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::Form, hooks::use_query_map, location::Url, params::ParamsMap};
use model::{
    identity::Me,
    ids::UserId,
    list::{Page, Paged},
    members::Member,
    roles::Permission,
};

use super::{
    api,
    change::{Acts, ChangeDialogs},
    invitations::Invitations,
    invite::InviteDialog,
    requests::Requests,
    table::People,
};
use crate::{
    i18n::use_i18n,
    shell::{Failure, pagination_texts},
    tx,
    ui::{
        Button, EmptyState, Icon, LinkButton, PageHeader, Pagination, Skeleton, Variant, use_shortcut,
        use_toasts,
    },
};

const PATH: &str = "/portal/people";

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    search: String,
    page: u32,
}

impl Wanted {
    fn read(query: &ParamsMap) -> Self {
        let text = |name: &str| query.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
        Self { search: text("q"), page: text("page").parse().unwrap_or(1) }
    }

    fn href(&self, page: u64) -> String {
        match (self.search.is_empty(), page > 1) {
            (true, false) => PATH.to_owned(),
            (true, true) => format!("{PATH}?page={page}"),
            (false, false) => format!("{PATH}?q={}", Url::escape(&self.search)),
            (false, true) => format!("{PATH}?q={}&page={page}", Url::escape(&self.search)),
        }
    }
}

/// The people of the establishment.
#[component]
pub fn ListPage() -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Me>();
    let (own, may) = (me.user, me.may(Permission::People));
    let query = use_query_map();
    let wanted = Memo::new(move |_| Wanted::read(&query.read()));
    let version = RwSignal::new(0);
    let people = Resource::new(
        move || (wanted.get(), version.get()),
        |(wanted, _)| async move { api::list(wanted.search.parse().ok(), Page::new(wanted.page, 0)).await },
    );
    let acts = Acts::new(version, use_toasts());
    let (inviting, busy) = (RwSignal::new(false), RwSignal::new(false));
    view! {
        <Title text=tx!(i18n, members.title) />
        <PageHeader title=tx!(i18n, members.title) subtitle=tx!(i18n, members.lead)>
            {may.then(|| view! {
                <Button variant=Variant::Primary icon=Icon::Plus on_click=move |_| inviting.set(true)>
                    {tx!(i18n, members.invite)}
                </Button>
            })}
        </PageHeader>
        {may.then(|| view! { <Requests version=version /> })}
        {may.then(|| view! { <Invitations version=version /> })}
        {may.then(|| view! { <Search wanted=wanted /> })}
        <Transition
            set_pending=busy
            fallback=move || view! { <Skeleton label=tx!(i18n, common.loading) rows=true lines=6 /> }
        >
            // Not `Suspend`: reading again, it builds the view one turn before it shows it (see `codes::list`).
            {move || people.get().map(|found| match found {
                Ok(paged) => {
                    let wanted = wanted.get_untracked();
                    view! { <Found paged=paged wanted=wanted own=own acts=acts busy=busy /> }.into_any()
                }
                Err(error) => view! { <Failure error=error /> }.into_any(),
            })}
        </Transition>
        {may.then(|| view! {
            <InviteDialog open=inviting version=version />
            <ChangeDialogs acts=acts />
        })}
    }
}

#[component]
fn Search(wanted: Memo<Wanted>) -> impl IntoView {
    let i18n = use_i18n();
    let field = NodeRef::<html::Input>::new();
    // "Show everybody" changes the address below the field.
    Effect::watch(
        move || wanted.get().search,
        move |search, _, _| {
            if let Some(field) = field.get_untracked() {
                field.set_value(search);
            }
        },
        false,
    );
    use_shortcut("/", Signal::stored(true), move || {
        if let Some(field) = field.get_untracked() {
            // Without the focus nothing is lost.
            drop(field.focus());
        }
    });
    view! {
        <Form method="get" action=PATH attr:class="toolbar" attr:role="search">
            <div class="search">
                {Icon::Search.view()}
                <input node_ref=field class="input" type="search" name="q" value=wanted.get_untracked().search
                    maxlength="100" placeholder=tx!(i18n, members.search) aria-label=tx!(i18n, members.search) />
                <kbd aria-hidden="true">"/"</kbd>
            </div>
            <Button kind="submit">{tx!(i18n, common.search)}</Button>
        </Form>
    }
}

#[component]
fn Found(
    paged: Paged<Member>,
    wanted: Wanted,
    own: UserId,
    acts: Acts,
    busy: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    if paged.items.is_empty() {
        let text = if wanted.search.is_empty() {
            tx!(i18n, members.none_page)
        } else {
            tx!(i18n, members.none_text, search = wanted.search)
        };
        return view! {
            <EmptyState icon=Icon::Users title=tx!(i18n, members.none_title) text=text>
                <LinkButton href=PATH>{tx!(i18n, members.show_all)}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let page = paged.page;
    view! {
        <People members=paged.items own=own acts=acts busy=busy />
        <Pagination page=u64::from(page.number()) per_page=u64::from(page.size()) total=paged.total
            href=move |n| wanted.href(n) texts=pagination_texts(i18n) />
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_page_s_address_keeps_the_search() {
        let wanted = Wanted { search: "é & b".into(), page: 1 };
        assert_eq!(wanted.href(2), "/portal/people?q=%C3%A9%20%26%20b&page=2");
        assert_eq!(Wanted::default().href(1), "/portal/people");
    }
}
