# Filled by the package work.
