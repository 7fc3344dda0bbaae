-- What releases changed of months that were fetched again, the newest first.
-- @force (null: all), @category (null: all), @since, @until
select
  month,
  kind,
  min(from_release) as from_release,
  to_release,
  sum(kept) as kept,
  sum(added) as added,
  sum(changed) as changed,
  sum(outcomes_changed) as outcomes_changed,
  sum(removed) as removed
from revisions
where month between @since and @until
  and (@force is null or force_id = @force)
  and (@category is null or category = @category)
group by month, kind, to_release
order by month desc, to_release desc, kind;
