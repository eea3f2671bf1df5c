"""`python -m loccit`: the command where it is not installed."""

from loccit import main

if __name__ == "__main__":
    main()
