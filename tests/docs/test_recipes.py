"""The recipes of docs/ci.md: whole YAML, the cache really saved, no rights and secrets beyond need."""

import json
import os
import re
import subprocess
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tests.docs.blocks import recipe

CACHE = ".cache/plugin/paperdigest"
Recipe = dict[Any, Any]


@pytest.fixture(params=["wiki", "papers"])
def workflow(request: pytest.FixtureRequest) -> Recipe:
    return recipe(f"name: {request.param}\n")


def steps(workflow: Recipe, job: str | None = None) -> list[Recipe]:
    return [step for name, one in workflow["jobs"].items() if job in (None, name) for step in one["steps"]]


def using(workflow: Recipe, action: str) -> Recipe:
    (step,) = (step for step in steps(workflow) if step.get("uses", "").startswith(f"{action}@"))
    return step


def test_the_cache_is_saved_under_a_new_key_whatever_happens(workflow: Recipe) -> None:
    restore, save = using(workflow, "actions/cache/restore"), using(workflow, "actions/cache/save")
    assert save["if"] == "always()"
    assert restore["with"]["path"] == save["with"]["path"] == ".cache"
    key = save["with"]["key"]
    assert key == restore["with"]["key"]
    assert {"${{ github.run_id }}", "${{ github.run_attempt }}"} <= set(re.findall(r"\$.*?}}", key))
    assert key.startswith(restore["with"]["restore-keys"])
    order = steps(workflow)
    (work,) = (step for step in order if "env" in step and "GEMINI_API_KEY" in step["env"])
    # Of the step, so that there is time to save; a job without time runs nothing more.
    assert int(work["timeout-minutes"]) < 360
    assert order.index(restore) < order.index(work) < order.index(save)


def test_it_runs_at_an_odd_minute_and_one_at_a_time(workflow: Recipe) -> None:
    (schedule,) = workflow["on"]["schedule"]
    minute = int(schedule["cron"].split()[0])
    assert len(schedule["cron"].split()) == 5
    assert minute % 5
    group = workflow["concurrency"]
    # A run that waits is cancelled by the next one of its group: a deployment, by a pull request.
    assert group == "papers" or "'pull_request' && github.ref || 'main'" in group["group"]
    assert "pull_request" not in workflow["on"] or group["cancel-in-progress"] == "false"


def test_secrets_reach_the_one_step_that_needs_them(workflow: Recipe) -> None:
    having = [step for step in steps(workflow) if "secrets." in str(step)]
    assert [step["run"].split()[0] for step in having] in (["mkdocs"], ["paperdigest"])
    assert "pull_request_target" not in workflow["on"]
    assert all("@v" in step["uses"] for step in steps(workflow) if "uses" in step)


def test_rights_are_the_least_that_do() -> None:
    wiki, papers = recipe("name: wiki\n"), recipe("name: papers\n")
    assert wiki["permissions"] == {"contents": "read"}
    assert "permissions" not in wiki["jobs"]["build"]
    assert wiki["jobs"]["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert papers["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert "pull_request" not in papers["on"]


@pytest.mark.parametrize(("changed", "proposed"), [("topics.yml", False), ("2410.1.yaml", True)])
def test_a_pull_request_is_opened_for_records_and_not_for_dates(
    tmp_path: Path, changed: str, proposed: bool
) -> None:
    (script,) = (step["run"] for step in steps(recipe("name: papers\n")) if "gh pr" in step.get("run", ""))
    until = script[: script.index("git config")]
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    (tmp_path / "archive").mkdir()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, env=environ, check=True)
    (tmp_path / "archive" / changed).write_text("as_of: 2024-11-01\n")
    done = subprocess.run(
        ["bash", "-e", "-c", f"{until}\necho proposed"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ("proposed\n" if proposed else "")


def test_gitlab_saves_the_cache_of_builds_that_fail_or_take_too_long() -> None:
    job = recipe("pages:\n")["pages"]
    assert job["cache"] == {"key": "paperdigest", "paths": [".cache"], "when": "always"}
    script, whole = job["variables"]["RUNNER_SCRIPT_TIMEOUT"], job["timeout"]
    assert int(script.removesuffix("m")) < int(whole.removesuffix("m"))
    assert job["resource_group"]
    assert "--site-dir public" in job["script"][-1]
    assert job["artifacts"] == {"paths": ["public"]}


def test_every_recipe_installs_the_theme(workflow: Recipe) -> None:
    scripts = [step["run"] for step in steps(workflow) if "run" in step]
    for script in (scripts, recipe("pages:\n")["pages"]["script"]):
        assert script[0] == "pip install 'mkdocs-paperdigest[material]'"


def test_the_cache_of_the_recipes_is_where_the_plugin_writes() -> None:
    schema = json.loads(resources.files("mkdocs_paperdigest").joinpath("schema.json").read_text("utf-8"))
    options = schema["definitions"]["paperdigest"]["properties"]
    assert options["cache_dir"]["default"] == CACHE
