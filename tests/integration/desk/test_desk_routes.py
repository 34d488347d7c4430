"""Every address of the desk: for whom it is. What is of another municipality: test_desk_other_municipality.py.

The table has to name every route: a new one fails here until somebody says who may use it.
"""

import uuid

import pytest
import sqlalchemy
from fastapi.routing import APIRoute
from sqlalchemy import text

from participation import roles
from participation.database.engine import sqlalchemy_url
from participation.models import Base

TABLE = {
    "publiek": "log_in log_in_form code code_form invitation accept_as_new sign_on sign_on_return",
    "account": """
        start choose_municipality log_out new_password new_password_form account end_other_sessions end_session
        second_factor second_factor_picture turn_on_second_factor renew_recovery_codes turn_off_second_factor
        accept_invitation digest choose_digest unlink_provider
        access_request send_access_request
    """,
    "lezen": """
        municipality
        worklist worklist_live contribution save_filter remove_filter handling bundle meetings facts facts_table fact
        answers answer retention destruction_table destruction_list library offer_text library_item intake_template
        library_template offer_campaign
        standard_texts standard_text house_style logo what_lives what_lives_file subject
        campaigns campaign campaign_texts campaign_parts campaign_part campaign_places place_code place_poster
        campaign_members own_statements trial_code campaign_outcome campaign_groups_picture campaign_outcome_pdf
        campaign_feedback final_report_file campaign_fairness mailings mailing
    """,
    roles.HANDLE: """
        change_several undo_several change_status refer plan sort reply ask put_together take_out reply_to_bundle
        close_bundle choose_answer_owner
        write_note assign preview_facts import_facts put_fact clear_fact save_answer send_back_answer discard_answer
        improve intake enter entered withdraw_entered take_in intake_numbers signals judge_flag send_offer
        adopt_text withdraw_text let_go_of_text compose add_standard_text change_standard_text
        look_for_subjects bundle_subject new_report make_report report_draft report_progress count_again
        discard_report edit_pieces issue_report leave_out_quotes replace_report
    """,
    roles.MANAGE: """
        set_answer_days add_disposition change_disposition add_feed change_feed remove_feed update_feed hand_over_table
        publish_answer restore_answer choose_period decide_destruction settings set_texts set_colors set_logo set_themes
        set_areas set_recipients set_patience set_channels
        readable_words mask_again
    """,
    roles.NAMES: "reports report report_file",
    roles.REVEAL: "original addition_original hide_words show_piece",
    roles.WRITE_QUESTIONS: """
        own_questions new_own_question add_own_question own_question change_own_question switch_own_question
        remove_own_question
    """,
    roles.PEOPLE: """
        people invite withdraw_invitation ask_second_factor change_role end_access reset_second_factor give_password
        count_provider decide_access_request
    """,
    roles.LOG: "log log_table",
    roles.CAMPAIGNS: """
        make_campaign send_in_campaign review_campaign step_campaign write_campaign mend_campaign extend_campaign
        new_part add_part change_part add_statements change_statement add_place ask_member answer_member
        make_trial decide_statement make_mailing step_mailing
        send_campaign_offer adopt_campaign withdraw_campaign let_go_of_campaign
        publish_outcome write_point remove_point publish_feedback issue_final_report set_aside put_back
    """,
}
"""By the right that it takes; `lezen` is any role here, `account` any session, `publiek` no session."""

OPEN_TO_ALL = ("publiek", "account")
RIGHT_OF = {name: right for right, names in TABLE.items() for name in names.split()}
MAYBE_NOTHING = {"logo"}
"""Addresses that are nobody's until there is something."""
STREAMS = {"worklist_live"}
"""Answers that do not end."""

READING_ONLY = "Dit mag niet met uw rol"
UNTOUCHED = sorted(set(Base.metadata.tables) - {"desk_session", "login_attempt"})


def routes_of(site) -> list[APIRoute]:
    found: list[APIRoute] = []

    def walk(routes) -> None:
        for route in routes:
            if isinstance(route, APIRoute):
                found.append(route)
            elif hasattr(route, "original_router"):
                walk(route.original_router.routes)

    walk(next(mount for mount in site.routes if getattr(mount, "path", "") == "/griffie").app.routes)
    return found


def of_a_municipality(site) -> list[APIRoute]:
    return [route for route in routes_of(site) if RIGHT_OF.get(route.name) not in OPEN_TO_ALL]


def address(route: APIRoute, code: str, **known: object) -> str:
    """The route's address, with ids of nothing where none are given."""
    values = {name: str(known.get(name) or uuid.uuid4()) for name in route.param_convertors}
    return "/griffie" + route.path_format.format(**(values | {"code": code}))


async def ask(browser, route: APIRoute, where: str, csrf: str):
    if "GET" in route.methods:
        return await browser.get(where)
    return await browser.post(where, data={"csrf": csrf, "verzending": str(uuid.uuid4()), "versie": "1", "zeker": "ja"})


async def csrf_of(browser) -> str:
    return (await browser.get("/griffie/account")).text.partition('name="csrf" value="')[2].partition('"')[0]


def everything(database_url: str) -> dict[str, str]:
    """What stands in each table, as one hash."""
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        return {
            table: connection.scalar(
                text(f"SELECT coalesce(md5(string_agg(one::text, '' ORDER BY one::text)), '') FROM {table} AS one")  # noqa: S608
            )
            for table in UNTOUCHED
        }


def test_the_table_names_every_route_once(site) -> None:
    names = [route.name for route in routes_of(site)]
    listed = [name for names_of_right in TABLE.values() for name in names_of_right.split()]
    assert sorted(names) == sorted(listed)


@pytest.mark.parametrize("role", roles.ROLES)
async def test_each_role_gets_what_the_table_says(site, clerk_with, role):
    """Where the address needs an id, one of nothing is used: then only that a form is refused can be told apart."""
    browser = await clerk_with(GM0344=role)
    csrf = await csrf_of(browser)
    wrong = []
    for route in of_a_municipality(site):
        right = RIGHT_OF[route.name]
        allowed = right == "lezen" or roles.may(role, right)
        if route.name in STREAMS or (allowed and route.name in {"ask_second_factor", "log_table"}):
            continue
        answer = await ask(browser, route, address(route, "GM0344"), csrf)
        refused = READING_ONLY in answer.text or answer.status_code == 404
        expected = refused if not allowed else READING_ONLY not in answer.text
        if allowed and set(route.param_convertors) == {"code"} and route.name not in MAYBE_NOTHING:
            expected = not refused
        if not expected:
            wrong.append((route.name, answer.status_code, allowed))
    assert wrong == []


async def test_an_address_with_a_nul_is_no_page(site, clerk_with):
    """PostgreSQL can not be asked for one: it would be an error of ours."""
    browser = await clerk_with(GM0344="griffier")
    csrf = await csrf_of(browser)
    answers = {}
    for route in of_a_municipality(site):
        if parameters := set(route.param_convertors) - {"code"}:
            where = address(route, "GM0344", **dict.fromkeys(parameters, "%00"))
            answers[route.name] = (await ask(browser, route, where, csrf)).status_code
    assert {name: status for name, status in answers.items() if status != 404} == {}
    assert {"standard_text", "change_standard_text", "answer", "fact"} <= set(answers)


async def test_without_a_session_every_page_leads_to_the_log_in(site, browser):
    answers = set()
    for route in routes_of(site):
        if RIGHT_OF[route.name] == "publiek":
            continue
        answer = await ask(browser, route, address(route, "GM0344"), "geraden")
        led = answer.status_code == (404 if route.name in STREAMS else 401) or answer.headers.get(
            "location", ""
        ).startswith("/griffie/aanmelden")
        answers.add((route.name, led))
    assert [name for name, led in sorted(answers) if not led] == []
