# bash completion for iopftop; made by `iopftop completion bash`

_iopftop() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} place=''
  COMPREPLY=()
  # --name=value comes as three words
  if [[ $cur == '=' ]]; then cur=''
  elif [[ $prev == '=' ]]; then prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case ${COMP_WORDS[1]} in
    config)
      if ((COMP_CWORD == 2)) && [[ $cur != -* ]]; then COMPREPLY=($(compgen -W 'print check' -- "$cur")); return; fi
      place="${COMP_WORDS[1]} ${COMP_WORDS[2]}"
      ;;
    devices|doctor|exec|rescue|completion|man)
      ((COMP_CWORD > 1)) && place=${COMP_WORDS[1]}
      ;;
  esac
  case $place in
    '')
      case $prev in
        --backend|-b)
          COMPREPLY=($(compgen -W 'mock selftest host' -- "$cur"))
          return
          ;;
        --scenario|-s)
          COMPREPLY=($(compgen -W 'burst demand-paging detach-midflight multi-page pasid-storm refault-loop stuck sva tour' -- "$cur"))
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
        --seed)
          return
          ;;
        --rate)
          return
          ;;
        --pause-at)
          return
          ;;
        --devices)
          return
          ;;
        --device|-D)
          return
          ;;
        --force)
          return
          ;;
        --hwpt)
          COMPREPLY=($(compgen -W 'paging nested' -- "$cur"))
          return
          ;;
        --pasid)
          return
          ;;
        --iova)
          return
          ;;
        --pid|-p)
          return
          ;;
        --fault-fd)
          return
          ;;
        --iommufd)
          return
          ;;
        --device-fd)
          return
          ;;
        --listen)
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
        --answer|-a)
          COMPREPLY=($(compgen -W 'success invalid hold' -- "$cur"))
          return
          ;;
        --rules|-r)
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
        --on-exit)
          COMPREPLY=($(compgen -W 'hold invalid success' -- "$cur"))
          return
          ;;
        --stream)
          COMPREPLY=($(compgen -W 'faults groups none' -- "$cur"))
          return
          ;;
        --duration|-d)
          return
          ;;
        --count|-n)
          return
          ;;
        --idle)
          return
          ;;
        --expect)
          return
          ;;
        --theme)
          COMPREPLY=($(compgen -W 'auto dark light colour-blind mono' -- "$cur"))
          return
          ;;
        --unicode)
          COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
          return
          ;;
        --time)
          COMPREPLY=($(compgen -W 'relative absolute since-start' -- "$cur"))
          return
          ;;
        --refresh)
          return
          ;;
        --config)
          COMPREPLY=($(compgen -W 'none' -- "$cur"))
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
        --history)
          return
          ;;
        --journal)
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '--backend -b --scenario -s --list-scenarios --seed --rate --virtual-time --pause-at --devices --device -D --bind --force --hwpt --pasid --iova --without-faults --pid -p --take --fault-fd --iommufd --device-fd --listen --answer -a --rules -r --on-exit --read-only --dry-run --headless --once --json --stream --duration -d --count -n --idle --expect --theme --unicode --time --refresh --mouse --bell --config --history --journal --keep-root --version -V --help -h' -- "$cur")); return; fi
      if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W 'devices doctor exec rescue config completion man' -- "$cur"))
      fi
      ;;
    'devices')
      case $prev in
        --backend|-b)
          COMPREPLY=($(compgen -W 'host mock' -- "$cur"))
          return
          ;;
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '--backend -b --json --help -h' -- "$cur")); return; fi
      ;;
    'doctor')
      case $prev in
        --backend|-b)
          COMPREPLY=($(compgen -W 'host mock' -- "$cur"))
          return
          ;;
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '--backend -b --no-trial --json --help -h' -- "$cur")); return; fi
      ;;
    'exec')
      case $prev in
        --backend|-b)
          COMPREPLY=($(compgen -W 'host' -- "$cur"))
          return
          ;;
        --device|-D)
          return
          ;;
        --force)
          return
          ;;
        --hwpt)
          COMPREPLY=($(compgen -W 'paging nested' -- "$cur"))
          return
          ;;
        --pasid)
          return
          ;;
        --iova)
          return
          ;;
        --answer|-a)
          COMPREPLY=($(compgen -W 'success invalid hold' -- "$cur"))
          return
          ;;
        --rules|-r)
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
        --on-exit)
          COMPREPLY=($(compgen -W 'hold invalid success' -- "$cur"))
          return
          ;;
        --stream)
          COMPREPLY=($(compgen -W 'faults groups none' -- "$cur"))
          return
          ;;
        --expect)
          return
          ;;
        --theme)
          COMPREPLY=($(compgen -W 'auto dark light colour-blind mono' -- "$cur"))
          return
          ;;
        --unicode)
          COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
          return
          ;;
        --time)
          COMPREPLY=($(compgen -W 'relative absolute since-start' -- "$cur"))
          return
          ;;
        --refresh)
          return
          ;;
        --config)
          COMPREPLY=($(compgen -W 'none' -- "$cur"))
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
        --history)
          return
          ;;
        --journal)
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
        --output|-o)
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '--backend -b --device -D --bind --force --hwpt --pasid --iova --without-faults --answer -a --rules -r --on-exit --read-only --dry-run --headless --stream --expect --theme --unicode --time --refresh --mouse --bell --config --history --journal --keep-root --output -o --help -h' -- "$cur")); return; fi
      ;;
    'rescue')
      case $prev in
        --pid|-p)
          return
          ;;
        --code)
          COMPREPLY=($(compgen -W 'invalid success' -- "$cur"))
          return
          ;;
        --scan)
          return
          ;;
        --journal)
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '--pid -p --dry-run --yes -y --code --unseen-success --no-stop --leave-stopped --scan --json --journal --help -h' -- "$cur")); return; fi
      ;;
    'config print')
      case $prev in
        --backend|-b)
          COMPREPLY=($(compgen -W 'mock selftest host' -- "$cur"))
          return
          ;;
        --scenario|-s)
          COMPREPLY=($(compgen -W 'burst demand-paging detach-midflight multi-page pasid-storm refault-loop stuck sva tour' -- "$cur"))
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
        --seed)
          return
          ;;
        --rate)
          return
          ;;
        --devices)
          return
          ;;
        --hwpt)
          COMPREPLY=($(compgen -W 'paging nested' -- "$cur"))
          return
          ;;
        --answer|-a)
          COMPREPLY=($(compgen -W 'success invalid hold' -- "$cur"))
          return
          ;;
        --on-exit)
          COMPREPLY=($(compgen -W 'hold invalid success' -- "$cur"))
          return
          ;;
        --stream)
          COMPREPLY=($(compgen -W 'faults groups none' -- "$cur"))
          return
          ;;
        --theme)
          COMPREPLY=($(compgen -W 'auto dark light colour-blind mono' -- "$cur"))
          return
          ;;
        --unicode)
          COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
          return
          ;;
        --time)
          COMPREPLY=($(compgen -W 'relative absolute since-start' -- "$cur"))
          return
          ;;
        --refresh)
          return
          ;;
        --history)
          return
          ;;
        --journal)
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
        --config)
          COMPREPLY=($(compgen -W 'none' -- "$cur"))
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '--backend -b --scenario -s --seed --rate --devices --hwpt --answer -a --on-exit --read-only --dry-run --stream --theme --unicode --time --refresh --mouse --bell --history --journal --config --help -h' -- "$cur")); return; fi
      ;;
    'config check')
      case $prev in
        --config)
          COMPREPLY=($(compgen -W 'none' -- "$cur"))
          mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
          compopt -o filenames 2>/dev/null
          return
          ;;
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '--config --help -h' -- "$cur")); return; fi
      if ((COMP_CWORD == 3)); then
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
        compopt -o filenames 2>/dev/null
      fi
      ;;
    'completion')
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '--help -h' -- "$cur")); return; fi
      if ((COMP_CWORD == 2)); then
        COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur"))
      fi
      ;;
    'man')
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '--help -h' -- "$cur")); return; fi
      ;;
  esac
}

complete -F _iopftop iopftop
