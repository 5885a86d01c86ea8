"""Invoices and credit notes of `crates/invoice` against the official rules of EN 16931, the schemas of UBL 2.1 and a
reckoning with fractions: `python check.py PROGRAM SAMPLES SEED`.

Prints one line per check and "N passed, N failed"; exits with 1 when one failed.
"""

import gzip
import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
import traceback
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor

PROGRAM, SAMPLES, SEED = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
HERE = Path(__file__).parent
RULES = HERE / "rules" / "EN16931-UBL-validation-1.3.16.xslt.gz"
RULES_SHA256 = "39f9d282867f1a49e7708d9e29a53da89643e1ee56f10cec1ebcf1277595fcbd"
HOW_MANY = 500
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
SPACES = {"cac": UBL + "CommonAggregateComponents-2", "cbc": UBL + "CommonBasicComponents-2"}

FOLDER = tempfile.TemporaryDirectory()
_checks = []


def check(function):
    _checks.append(function)
    return function


def made_up(name):
    folder = Path(FOLDER.name) / name
    subprocess.run([PROGRAM, str(folder), str(HOW_MANY), SEED], check=True)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def compiled_rules():
    """The stylesheet, whose report names each rule that fails."""
    rules = gzip.decompress(RULES.read_bytes())
    assert hashlib.sha256(rules).hexdigest() == RULES_SHA256, "not the rules that were published"
    return PROCESSOR.new_xslt30_processor().compile_stylesheet(stylesheet_text=rules.decode())


def schemas():
    """Of the two kinds of document; the package is used for the schemas of OASIS that are in it, none of its code runs."""
    package = Path(importlib.util.find_spec("peppol").submodule_search_locations[0])
    folder = package / "schema" / "maindoc"
    return {kind: etree.XMLSchema(file=str(folder / f"UBL-{kind}-2.1.xsd")) for kind in ("Invoice", "CreditNote")}


def broken_rules(document):
    """The names of the rules that fail, warnings too."""
    report = STYLESHEET.transform_to_string(xdm_node=PROCESSOR.parse_xml(xml_text=document.decode()))
    assert report and "fired-rule" in report, "the rules did not run"
    svrl = etree.fromstring(report.encode())
    failed = svrl.iter("{http://purl.oclc.org/dsdl/svrl}failed-assert", "{http://purl.oclc.org/dsdl/svrl}successful-report")
    return {one.get("id") for one in failed}


def schema_mistakes(document):
    root = etree.fromstring(document)
    schema = SCHEMAS[etree.QName(root).localname]
    return [] if schema.validate(root) else [str(mistake) for mistake in schema.error_log]


def numbers(root, path):
    return [Fraction(node.text) for node in root.findall(path, SPACES)]


def number(root, path):
    found = numbers(root, path)
    return found[0] if found else Fraction(0)


def half_up(value, decimals):
    shifted = Fraction(10) ** decimals * value
    whole = int((Decimal(shifted.numerator) / Decimal(shifted.denominator)).to_integral_value(ROUND_HALF_UP))
    return Fraction(whole, 10**decimals)


def reckoning_mistakes(document):
    """What another reckoning of lines and sums finds; the rules do not multiply quantity and price."""
    root = etree.fromstring(document)
    kind = etree.QName(root).localname
    decimals = 0 if root.findtext("cbc:DocumentCurrencyCode", None, SPACES) == "JPY" else 2
    quantity = "cbc:InvoicedQuantity" if kind == "Invoice" else "cbc:CreditedQuantity"
    mistakes, groups = [], {}
    for line in root.findall(f"cac:{kind}Line", SPACES):
        full = number(line, quantity) * number(line, "cac:Price/cbc:PriceAmount")
        net = half_up(full, decimals) - number(line, "cac:AllowanceCharge/cbc:Amount")
        if net != number(line, "cbc:LineExtensionAmount"):
            mistakes.append(f"line {line.findtext('cbc:ID', None, SPACES)}: {net}")
        category = line.find("cac:Item/cac:ClassifiedTaxCategory", SPACES)
        key = (category.findtext("cbc:ID", None, SPACES), number(category, "cbc:Percent"))
        groups[key] = groups.get(key, 0) + net
    for group in root.findall("cac:TaxTotal/cac:TaxSubtotal", SPACES):
        category = group.find("cac:TaxCategory", SPACES)
        key = (category.findtext("cbc:ID", None, SPACES), number(category, "cbc:Percent"))
        taxable = groups.pop(key, None)
        exact = half_up(number(group, "cbc:TaxableAmount") * key[1] / 100, decimals)
        # The VAT of a credit note is what that of its invoice falls by.
        tolerance = 0 if kind == "Invoice" else Fraction(1, 10**decimals)
        is_off = abs(number(group, "cbc:TaxAmount") - exact) > tolerance
        if taxable != number(group, "cbc:TaxableAmount") or is_off:
            mistakes.append(f"group {key}: {taxable} {exact}")
    return mistakes + [f"no group {key}" for key in groups]


@check
def the_same_seed_makes_the_same_bytes():
    assert DOCUMENTS == made_up("again")
    kinds = {etree.QName(etree.fromstring(document)).localname for document in DOCUMENTS.values()}
    assert kinds == {"Invoice", "CreditNote"} and len(DOCUMENTS) == HOW_MANY


@check
def no_rule_of_en_16931_is_broken_and_none_warns():
    for name, document in DOCUMENTS.items():
        broken = broken_rules(document)
        assert not broken, f"{name}: {sorted(broken)}\n{document.decode()}"


@check
def every_document_is_of_the_schemas_of_ubl():
    for name, document in DOCUMENTS.items():
        mistakes = schema_mistakes(document)
        assert not mistakes, f"{name}: {mistakes}\n{document.decode()}"


@check
def fractions_come_to_the_same_sums():
    for name, document in DOCUMENTS.items():
        mistakes = reckoning_mistakes(document)
        assert not mistakes, f"{name}: {mistakes}\n{document.decode()}"


@check
def the_samples_of_the_crate_pass_too():
    samples = sorted(SAMPLES.glob("*.xml"))
    assert len(samples) >= 4
    for path in samples:
        document = path.read_bytes()
        assert not broken_rules(document) and not schema_mistakes(document) and not reckoning_mistakes(document), path


def spoilt(sample, pattern, replacement):
    document = (SAMPLES / sample).read_text(encoding="utf-8")
    changed = re.sub(pattern, replacement, document, count=1, flags=re.DOTALL)
    assert changed != document, f"{pattern} is not in {sample}"
    return changed.encode()


@check
def a_spoilt_invoice_breaks_the_rule_that_it_should():
    for rule, sample, pattern, replacement in [
        ("BR-01", "invoice.xml", r"<cbc:CustomizationID>.*?</cbc:CustomizationID>", ""),
        ("BR-CO-10", "invoice.xml", r"(LineExtensionAmount [^>]*>)23\.80", r"\g<1>23.81"),
        ("BR-CO-14", "invoice.xml", r"(TaxTotal>\s*<cbc:TaxAmount [^>]*>)4\.52", r"\g<1>4.53"),
        ("BR-CO-15", "invoice.xml", r"(TaxInclusiveAmount [^>]*>)28\.32", r"\g<1>28.33"),
        ("BR-CO-16", "invoice.xml", r"(PayableAmount [^>]*>)28\.32", r"\g<1>28.33"),
        ("BR-16", "invoice.xml", r"<cac:InvoiceLine>.*</cac:InvoiceLine>", ""),
        ("BR-DEC-23", "invoice.xml", r"(LineExtensionAmount [^>]*>21\.60)", r"\g<1>0"),
        ("BR-S-02", "invoice.xml", r"<cac:PartyTaxScheme>.*?</cac:PartyTaxScheme>", ""),
        ("BR-AE-02", "reverse-charge.xml", r"(AccountingCustomerParty>.*?)<cac:PartyTaxScheme>.*?</cac:PartyTaxScheme>", r"\1"),
        ("BR-O-11", "outside-scope.xml", r"(</cac:TaxSubtotal>)",
         r"\1<cac:TaxSubtotal><cbc:TaxableAmount currencyID='JPY'>0</cbc:TaxableAmount>"
         r"<cbc:TaxAmount currencyID='JPY'>0</cbc:TaxAmount><cac:TaxCategory><cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent>"
         r"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>"),
        ("BR-CL-04", "credit-note.xml", r"(DocumentCurrencyCode>)EUR", r"\1EUX"),
    ]:
        broken = broken_rules(spoilt(sample, pattern, replacement))
        assert rule in broken, f"{rule} was not found in {sample}: {sorted(broken)}"


@check
def what_the_schema_and_the_reckoning_guard_is_found_by_them():
    misplaced = spoilt("invoice.xml", r"(<cbc:ID>IOEU[^\n]*\n)(\s*<cbc:IssueDate>[^\n]*\n)", r"\2\1")
    assert schema_mistakes(misplaced)
    wrong_price = spoilt("credit-note.xml", r"(PriceAmount [^>]*>)8\.00", r"\g<1>8.01")
    assert not broken_rules(wrong_price) and reckoning_mistakes(wrong_price)


PROCESSOR = PySaxonProcessor(license=False)
STYLESHEET = compiled_rules()
SCHEMAS = schemas()
DOCUMENTS = made_up("made-up")

passed = 0
for function in _checks:
    name = function.__name__.replace("_", " ")
    try:
        function()
        passed += 1
        print(f"ok    {name}")
    except Exception:
        print(f"FAIL  {name}\n{traceback.format_exc()}")
FOLDER.cleanup()
print(f"{passed} passed, {len(_checks) - passed} failed")
sys.exit(0 if passed == len(_checks) else 1)
