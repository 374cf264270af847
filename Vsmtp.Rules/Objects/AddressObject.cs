using Vsmtp.Mail.Addresses;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Objects;

/// <summary><c>address</c>: a mailbox, or the null reverse path.</summary>
/// <remarks>
/// The null sender (RFC 5321 §4.5.5) is an address whose text, local part and domain are all <c>""</c>: rules written for
/// addresses go on without an error, find it in no domain and in no group, and recognise it by <c>mail_from() == ""</c>, or as in vSMTP 2.x by <c>"null"</c>, which is no address.
/// </remarks>
internal sealed class AddressObject(MailAddress? address) : VslObject
{
    public override string Kind => "address";

    /// <summary>Null for the null sender.</summary>
    public MailAddress? Address { get; } = address;

    public string LocalPart => Address?.LocalPart ?? "";

    public string Domain => Address?.Domain ?? "";

    public override string ToText() => Address?.ToString() ?? "";

    public override bool TryGetProperty(string name, HostCall call, out Completion value)
    {
        value = name switch { "local_part" => Value.From(LocalPart), "domain" => Value.From(Domain), _ => default };
        return value.Value.Kind is ValueKind.String;
    }

    public override bool? Holds(Value item) =>
        item.TryAsHost<IdentifierObject>(out var identifier) ? Address is not null && identifier.ToText() == LocalPart
        : item.TryAsHost<FqdnObject>(out var domain) ? IsDomain(domain.ToText())
        : item.TryAsString(out var text) ? Address is not null && (text == LocalPart || IsDomain(text))
        : null;

    /// <summary>In a group only typed parts count: a text that happens to be someone's local part must not match.</summary>
    public override bool Covers(Value item) => item.Kind is ValueKind.Host && (Holds(item) ?? false);

    protected override bool Equals(VslObject other) => other is AddressObject right && Equals(Address, right.Address);

    protected override bool EqualsText(string text) =>
        Address is null ? text is "" or "<>" or "null" : MailAddress.TryParse(text, out var parsed) && parsed == Address;

    private bool IsDomain(string text) => Address is not null && Domain.Equals(text, StringComparison.OrdinalIgnoreCase);
}
