#!/bin/sh
# Install this checkout beside what is there: deploy/install.sh [FOLDER] [NAME]
#
# FOLDER (/opt/hotline) gets releases/NAME, an environment with Hotline and all that it depends on, each package
# checked by its hash. FOLDER/current leads to the release in use: it is made if there is none, and never changed.
set -eu

from=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-/opt/hotline}
name=${2:-$(git -C "$from" describe --always --tags 2>/dev/null || date +%Y%m%d-%H%M%S)}
release=$folder/releases/$name

python=
for each in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$each" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$each
        break
    fi
done
if [ -z "$python" ]; then
    echo "Hotline needs Python 3.11 or newer with its venv (Debian: apt install python3-venv)." >&2
    exit 1
fi

if [ -e "$release" ]; then
    echo "$release is there already: choose another name (deploy/install.sh $folder NAME)." >&2
    exit 1
fi
mkdir -p "$folder/releases"
trap 'rm -rf "$release"' EXIT
"$python" -m venv "$release"
"$release/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$from/requirements.txt"
"$release/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation "$from"
"$release/bin/hotline" --help >/dev/null
trap - EXIT

[ -e "$folder/current" ] || ln -s "releases/$name" "$folder/current"
echo "Installed as $release; $folder/current leads to $(readlink "$folder/current")."
