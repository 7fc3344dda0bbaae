import { describe, expect, test } from "vitest";
import { addSweep, cover, monthsFrom } from "../support/country.ts";
import type { Country } from "../support/country.ts";
import { createTwo, SIDECAR, statusOf, TEN, textOf, TWO, writeSidecar } from "../support/status.ts";

describe("what to run next", () => {
  const complete = (country: Country, release = "2024-06-01") =>
    cover(country, { forces: TWO, months: ["2024-04", "2024-05"], records: TEN, release });
  const run = ({ db }: Country, ended: string | null, code: number | null) =>
    db
      .prepare(
        `insert into runs (pid, started_at, seen_at, ended_at, exit_code, requests, records)
         values (4711, '2024-06-01T10:00', '2024-06-01T10:01', ?, ?, 5, 6)`,
      )
      .run(ended, code);

  test("is a crawl, when nothing is there", () => {
    expect(statusOf(createTwo()).next.command).toBe("ukpolice crawl");
    const elsewhere = { database: "my data.db" };
    expect(statusOf(createTwo(), elsewhere).next.command).toBe("ukpolice crawl --db 'my data.db'");
  });

  test("is a look again, while a crawl is at work", () => {
    const country = createTwo();
    run(country, null, null);
    const status = statusOf(country, { isLocked: true });
    expect(status.next).toMatchObject({ command: "ukpolice status", why: /4711/ });
    expect(status.runs).toMatchObject([{ state: "running", pid: 4711, requests: 5, records: 6 }]);
    expect(textOf(status)).toContain("is at work (process 4711)");
  });

  test("goes on with what a killed crawl left, for the months and forces that it was for", () => {
    const country = createTwo();
    run(country, null, null);
    addSweep(country, { month: "2024-04", forces: ["kent"] }, [{ state: "open" }]);
    const status = statusOf(country);
    expect(status.runs).toMatchObject([{ state: "killed" }]);
    expect(status.next.command).toBe("ukpolice crawl --since 2024-04 --force kent");
  });

  test.each([
    ["of a force without areas alone", [], '["btp"]', "btp"],
    ["of that one, too", ["kent"], '["btp","kent"]', "kent btp"],
  ])("names whose stops a database is for: %s", (_, forces, asked, named) => {
    const country = createTwo();
    country.db.exec(`insert into forces (id, name, listed) values ('btp', 'BTP', 0);
      insert into stops_published values ('2024-05', 'btp');
      insert into facts values ('asked', '${asked}'), ('published', '["2024-05"]')`);
    const covered = { months: ["2024-05"], outside: null };
    cover(country, { ...covered, forces, records: TEN });
    cover(country, { ...covered, forces: ["btp"], kinds: ["stops"], records: TEN });
    const around = { now: "2025-01-01" };
    expect(statusOf(country, around).next.command).toBe(
      `ukpolice crawl --since 2024-05 --force ${named}`,
    );
    if (forces.length === 0) return;
    writeSidecar(country, { ...SIDECAR, since: "2024-05", forces });
    expect(statusOf(country, around).next.command).toBe(
      `ukpolice crawl --from-last-update --force ${named}`,
    );
  });

  test("goes on with a refresh that was interrupted", () => {
    const country = createTwo();
    complete(country);
    addSweep(country, { month: "2024-05", staged: 1 }, [{ state: "open" }]);
    expect(statusOf(country).next.command).toBe("ukpolice crawl --since 2024-04 --refresh");
  });

  test("says that what lies in no force's area is lacking, when nothing else is", () => {
    const country = createTwo();
    const months = { months: ["2024-04", "2024-05"], records: TEN };
    cover(country, { forces: TWO, outside: null, ...months });
    const { next, months: states } = statusOf(country);
    expect(states.map(({ state, lacks_outside }) => [state, lacks_outside])).toEqual([
      ["part", true],
      ["part", true],
    ]);
    expect(next.command).toBe("ukpolice crawl --since 2024-04");
    expect(next.why).toBe("2 months not complete; what lies in no force's area is not here yet");
  });

  test("does not say so of a month that has nothing of a kind", () => {
    const country = createTwo();
    const crimes = { months: ["2024-05"], kinds: ["crimes"], records: TEN };
    cover(country, { forces: TWO, outside: null, ...crimes });
    const { next, months } = statusOf(country);
    expect(months).toMatchObject([{ state: "part", lacks_outside: false }]);
    expect(next.why).toBe("1 month not complete; it goes on");
  });

  test("asks for newer months, when there have to be some", () => {
    const country = createTwo();
    complete(country);
    writeSidecar(country, SIDECAR);
    const { next } = statusOf(country, { now: "2024-09-01" });
    expect(next.command).toBe("ukpolice crawl --from-last-update");
    writeSidecar(country, "{");
    expect(statusOf(country, { now: "2024-09-01" }).next.command).toBe(
      "ukpolice crawl --since 2024-04",
    );
  });

  test("refreshes months of an older release, when there are no newer ones", () => {
    const country = createTwo();
    complete(country);
    country.db.exec("insert into facts values ('release', '2024-07-01')");
    const { next } = statusOf(country);
    expect(next).toMatchObject({
      command: "ukpolice crawl --since 2024-04 --refresh",
      why: /2 complete months/,
    });
  });

  test("leaves alone what the API no longer publishes", () => {
    const country = createTwo();
    addSweep(country, { month: "2020-01" }, [{ state: "failed", reason: "too large" }]);
    complete(country);
    cover(country, { forces: TWO, months: monthsFrom("2020-02", 50), records: TEN });
    writeSidecar(country, SIDECAR);
    const { next } = statusOf(country);
    expect(next).toMatchObject({
      command: "ukpolice crawl --from-last-update",
      why: /all is well/,
    });
  });
});
