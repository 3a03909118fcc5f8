# What the scripts ask of a configuration file. They make do with the shell and coreutils: small images have no grep or sed.
# Kubelet reads the text too: no two dollar signs in a row.
newline='
'

has_runner() {
  case $newline$(cat "$1" 2>/dev/null) in
    *"$newline"'[[runners]]'*) return 0 ;;
    *) return 1 ;;
  esac
}

# Whether others lose their runner with this one. An authentication token (glrt-, with a prefix of the instance acme-glrt-) is
# one runner for many pods; gitlab-runner takes out this pod's part alone since 16.0, and only of tokens that begin with glrt-.
is_shared() {
  text=$(cat "$1" 2>/dev/null)
  token=${text#*[!_a-zA-Z]token = \"}
  token=${token%%\"*}
  case $token in
    glrt-*)
      version=$(gitlab-runner --version 2>/dev/null)
      version=${version#*Version:}
      version=${version#"${version%%[0-9]*}"}
      ! [ "${version%%.*}" -ge 16 ] 2>/dev/null
      ;;
    *-glrt-*) return 0 ;;
    *) return 1 ;;
  esac
}
