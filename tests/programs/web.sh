# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by the tests with a server: free ports, starting nginx and server.py, waiting for them.
# It must not know what is served or uploaded.
# shellcheck disable=SC2034 # WEB_URL and WEB_NGINX are for the tests

# curl without anybody's proxy or configuration
web_curl()
{
	zc_do curl -q --noproxy '*' -sS --fail --max-time 100 "$@"
}

web_free_port()
{
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

web_listens()
{
	(: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

web_nginx_up()
{
	[ -s "$ZC_TMP/nginx/pid" ] && web_listens "$1"
}

# web_server DIRECTORY: server.py on it; sets WEB_URL
web_server()
{
	local port_file=$ZC_TMP/server.port

	rm -f "$port_file"
	python3 "$(dirname "$0")/server.py" "$1" "$port_file" &
	zc_helper $!
	zc_until 20 test -s "$port_file" || zc_fail "server.py does not start"
	WEB_URL=http://127.0.0.1:$(cat "$port_file")
}

# web_nginx LOCATIONS [PREFIX...]: an nginx of our own, one process, files through sendfile(2); sets WEB_URL and
# WEB_NGINX, its process id. The prefix is put before nginx and may fork (strace).
web_nginx()
{
	local locations=$1 dir=$ZC_TMP/nginx try port

	shift
	mkdir -p "$dir"
	for try in 1 2 3 4 5; do
		port=$(web_free_port)
		rm -f "$dir/pid"
		cat >"$dir/conf" <<-CONF
		daemon off;
		master_process off;
		pid $dir/pid;
		error_log $dir/error.log notice;
		worker_processes 1;
		events { worker_connections 64; }
		http {
			access_log off;
			sendfile on;
			sendfile_max_chunk 8m;
			tcp_nopush on;
			client_max_body_size 0;
			client_body_temp_path $dir/body;
			proxy_temp_path $dir/proxy;
			fastcgi_temp_path $dir/fastcgi;
			uwsgi_temp_path $dir/uwsgi;
			scgi_temp_path $dir/scgi;
			server {
				listen 127.0.0.1:$port;
				$locations
			}
		}
		CONF
		"$@" nginx -p "$dir" -c "$dir/conf" >"$dir/out" 2>&1 &
		zc_helper $!
		zc_until 10 web_nginx_up "$port" || continue
		WEB_NGINX=$(cat "$dir/pid")
		WEB_URL=http://127.0.0.1:$port
		zc_helper "$WEB_NGINX"
		return
	done
	zc_fail "nginx does not start (try $try): $(cat "$dir/out" "$dir/error.log" 2>/dev/null | tail -n 5)"
}
