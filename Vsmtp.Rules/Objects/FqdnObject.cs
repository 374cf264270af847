namespace Vsmtp.Rules.Objects;

/// <summary><c>fqdn</c>: a domain name, compared without regard to case (RFC 5321 §2.4).</summary>
internal sealed class FqdnObject(string name) : VslObject
{
    public override string Kind => "fqdn";

    public override string ToText() => name;

    protected override bool Equals(VslObject other) => other is FqdnObject && EqualsText(other.ToText());

    protected override bool EqualsText(string text) => name.Equals(text, StringComparison.OrdinalIgnoreCase);
}
