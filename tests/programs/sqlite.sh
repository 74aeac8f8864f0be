#!/bin/bash
# SPDX-License-Identifier: MIT
# sqlite3 keeps a sound database on the mount with a rollback journal and with WAL, one process and several.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"

sql()
{
	timeout -k 5 "$ZC_LIMIT" sqlite3 -bail -cmd '.timeout 60000' "$@"
}

# work DATABASE MODE: the same rows every time
work()
{
	sql "$1" <<-SQL >"$ZC_TMP/sql.out" || zc_fail "sqlite3 failed on $1"
	pragma journal_mode=$2;
	create table t (id integer primary key, n int, b text);
	create index by_n on t(n);
	begin;
	with recursive c(x) as (select 1 union all select x + 1 from c where x < 20000)
		insert into t select x, (x * 7919) % 1000, printf('%.*c', x % 200, 'x') from c;
	commit;
	begin; delete from t where n < 200; rollback;
	delete from t where n between 200 and 300;
	update t set b = b || n where id % 7 = 0;
	savepoint s; update t set n = 0; rollback to s; release s;
	vacuum;
	SQL
	[ "$(head -n 1 "$ZC_TMP/sql.out")" = "$2" ] || zc_fail "journal mode is $(cat "$ZC_TMP/sql.out"), not $2"
}

# writer DATABASE NUMBER: many small transactions beside others that do the same
writer()
{
	local i

	for i in {1..40}; do
		echo "begin immediate; insert into log values ($2, $i); update total set n = n + 1; commit;"
	done | sql "$1"
}

sound()
{
	[ "$(sql "$1" 'pragma integrity_check')" = ok ] || zc_fail "integrity_check of $1"
}

# several DATABASE MODE: three writers and a reader, processes of their own
several()
{
	local pids=() i pid

	echo "pragma journal_mode=$2; create table log (who, i); create table total (n);
		insert into total values (0);" | sql "$1" >/dev/null || zc_fail "cannot make $1"
	for i in 1 2 3; do
		writer "$1" "$i" &
		pids+=($!)
	done
	for i in {1..15}; do
		sql "$1" "select case when (select count(*) from log) = n then 'ok' else 'torn' end from total"
	done >"$ZC_TMP/reader.out" || zc_fail "the reader failed"
	for pid in "${pids[@]}"; do
		wait "$pid" || zc_fail "a writer failed ($2)"
	done
	grep -qv '^ok$' "$ZC_TMP/reader.out" && zc_fail "the reader saw half a transaction ($2)"
	[ "$(sql "$1" 'select n, (select count(*) from log) from total')" = '120|120' ] ||
		zc_fail "transactions are lost ($2)"
	sound "$1"
}

zc_need sqlite3 python3
zc_begin
zc_start
for mode in delete truncate persist wal; do
	for top in "$ZC_MNT" "$ZC_TWIN"; do
		work "$top/$mode.db" "$mode"
		sound "$top/$mode.db"
		sql "$top/$mode.db" .dump >"$ZC_TMP/$(basename "$top").dump" || zc_fail ".dump of $mode.db"
	done
	cmp "$ZC_TMP/twin.dump" "$ZC_TMP/mnt.dump" || zc_fail "the rows differ ($mode)"
	[ -e "$ZC_MNT/$mode.db-wal" ] && zc_fail "the WAL was not removed by the last connection"
done
several "$ZC_MNT/several-delete.db" delete
several "$ZC_MNT/several-wal.db" wal
# with the database mapped into memory
sql -cmd 'pragma mmap_size=100000000' "$ZC_MNT/wal.db" \
	"update t set n = n + 1; select count(*) from t" >/dev/null || zc_fail "mmap_size"
sound "$ZC_MNT/wal.db"
zc_stop
for db in "$ZC_BACK"/*.db; do
	sound "$db"
done
