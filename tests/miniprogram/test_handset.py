"""The phone of the tests shows the mini-program of the person who holds it."""


def test_a_resident_is_greeted_at_the_own_door(handset):
    handset("zhanglan").open().sees("幸福家园 3号楼")
