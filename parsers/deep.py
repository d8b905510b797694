def shallow(t): return t
