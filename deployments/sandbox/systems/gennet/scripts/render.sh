# Sourced by the other scripts. render FILE: the manifest with its placeholders filled in, on standard output.

settings() { # the lines of a settings file as entries of a ConfigMap
    sed -n 's/^\([A-Z_]*\)=\(.*\)$/  \1: "\2"/p' "config/$suffix.env"
}

render() {
    settings > "$rendered/settings"
    sed -e "s|__VERSION__|${VERSION:-0.0.0}|g" -e "s|__SERVICE__|${service:-}|g" -e "s|__NAMESPACE__|$NAMESPACE|g" \
        -e "s|__HOST__|$host|g" -e "s|__SUFFIX__|$suffix|g" -e "/__SETTINGS__/{r $rendered/settings" -e 'd;}' "$1"
}

host=$(sed -n 's|^PUBLIC_URL=https://||p' "config/$suffix.env")
rendered=$(mktemp -d)
trap 'rm -rf "$rendered"' EXIT
