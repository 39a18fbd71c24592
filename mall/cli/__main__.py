"""`python -m mall.cli`: the `mall` command where its script is not on the path."""

from mall.cli import main

if __name__ == "__main__":
    main(prog_name="mall")
