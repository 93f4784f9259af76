"""Human genes and proteins on a Wikibase: made, linked both ways, kept, and left to people."""

from __future__ import annotations

from typing import Any

from tests.domains.genes import GENES, PROTEINS, sample, set_up, write_genes
from tests.domains.hub import Hub


def run(hub: Hub, *names: str) -> str:
    """The command's words; it has to end well."""
    ended = hub.hubbot("run", *(names or (GENES, PROTEINS)))
    assert ended.exit_code == 0, ended.output
    return ended.output


def items(hub: Hub, property_id: str) -> dict[str, Any]:
    """The items that carry the identifier, by it."""
    found: dict[str, Any] = {}
    person = hub.person()
    for (item,) in hub.wikibase.state.rows(
        "select entity from page where model = 'wikibase-item' and gone = 0 and redirect is null"
    ):
        entity = person.entity(item)
        for each in entity["claims"].get(property_id, ()):
            found[each["mainsnak"]["datavalue"]["value"]] = entity
    return found


def main(entity: Any, property_id: str) -> list[str]:
    """The main values of a property, an item by its id."""
    found = [
        each["mainsnak"]["datavalue"]["value"] for each in entity["claims"].get(property_id, ())
    ]
    return sorted(each["id"] if isinstance(each, dict) else each for each in found)


def writes(hub: Hub) -> int:
    """All revisions that HubBot has made of items."""
    ((count,),) = hub.wikibase.state.rows(
        "select count(*) from revision where model = 'wikibase-item' and user = 'HubBot'"
    )
    return int(count)


def test_a_new_pair_takes_three_writes_and_is_linked_both_ways_in_one_go(hub: Hub) -> None:
    set_up(hub, ["TP53"])
    told = run(hub)
    gene, protein = items(hub, "P351")["7157"], items(hub, "P352")["P04637"]
    assert main(gene, "P688") == [protein["id"]]
    assert main(protein, "P702") == [gene["id"]]
    assert writes(hub) == 3
    assert told.count("finished") == 3, "each once, and the genes once more"
    findings = hub.hubbot("findings").output
    assert "P04637" not in findings, "nothing waits any more"
    again = run(hub)
    assert again.count("finished; no edits") == 2
    assert writes(hub) == 3


def test_in_whatever_order_they_run_the_writes_are_as_many(hub: Hub) -> None:
    set_up(hub, ["TP53"])
    run(hub, GENES)
    run(hub, PROTEINS, GENES)
    gene, protein = items(hub, "P351")["7157"], items(hub, "P352")["P04637"]
    assert (main(gene, "P688"), main(protein, "P702")) == ([protein["id"]], [gene["id"]])
    assert writes(hub) == 3


def test_the_whole_sample_is_made_once_and_linked(hub: Hub) -> None:
    set_up(hub)
    run(hub)
    genes, proteins = items(hub, "P351"), items(hub, "P352")
    assert (len(genes), len(proteins)) == (32, 30)
    both = [genes["3039"]["id"], genes["3040"]["id"]]
    assert main(proteins["P69905"], "P702") == sorted(both), "two genes, one protein"
    assert all(main(genes[each], "P688") == [proteins["P69905"]["id"]] for each in ("3039", "3040"))
    assert main(genes["7503"], "P688") == [], "a gene that encodes none"
    linked = [main(each, "P688") for each in genes.values()]
    assert sum(map(bool, linked)) == 31
    assert writes(hub) == 32 + 30 + 31
    assert "There is" not in hub.hubbot("findings").output
    assert run(hub).count("finished; no edits") == 2
    assert writes(hub) == 32 + 30 + 31


def test_a_value_whose_item_is_not_there_yet_does_not_keep_the_others_back(hub: Hub) -> None:
    set_up(hub, ["TP53", "INS"])
    genes = [each for each in sample() if each["symbol"] in ("TP53", "INS")]
    write_genes(hub, [{**genes[0], "uniprot": {"Swiss-Prot": ["P01308", "P0X999"]}}, *genes[1:]])
    run(hub)
    insulin = items(hub, "P352")["P01308"]["id"]
    assert main(items(hub, "P351")["3630"], "P688") == [insulin]
    assert hub.hubbot("findings").output == "", "of a whole registry, thousands wait"
    assert run(hub).count("finished; no edits") == 2, "what waits for nothing is not run again"


def test_what_people_took_out_of_a_pair_is_not_linked_again(hub: Hub) -> None:
    set_up(hub, ["TP53"])
    run(hub)
    gene = items(hub, "P351")["7157"]
    (link,) = gene["claims"]["P688"]
    hub.person().edit(gene["id"], {"claims": [{"id": link["id"], "remove": ""}]})
    run(hub)
    assert main(items(hub, "P351")["7157"], "P688") == []
    assert writes(hub) == 3


def test_where_a_proteins_item_is_merged_its_gene_follows(hub: Hub) -> None:
    set_up(hub, ["TP53"])
    run(hub)
    protein = items(hub, "P352")["P04637"]["id"]
    hub.seed({"type": "item", "id": "Q900000000"})
    hub.person().write(
        action="wbmergeitems", fromid=protein, toid="Q900000000", ignoreconflicts="description"
    )
    run(hub)
    assert main(items(hub, "P351")["7157"], "P688") == ["Q900000000"]
