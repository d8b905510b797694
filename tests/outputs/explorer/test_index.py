"""The index of the explorer holds the dataset, all of it and nothing else."""


def test_every_table_is_there(desk):
    assert desk.row("SELECT count(*) FROM reports")[0] == 15
