-- 台账: facts are found by their unit; what an import said is undone unit by unit. Two indexes that no query reads any more,
-- each written five times for every row of a file.
drop index fact_import;

drop index fact_closed_by;
