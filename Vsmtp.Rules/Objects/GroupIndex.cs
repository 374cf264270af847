using System.Buffers;
using System.Net;
using Vsmtp.Mail.Addresses;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Objects;

/// <summary>The members of a long group by what they match, so that a search costs the same however many they are.</summary>
/// <remarks>Gives for every item what <see cref="Scan"/> gives. Members that only a comparison can judge, such as patterns, are still asked one by one.</remarks>
internal sealed class GroupIndex
{
    /// <summary>A domain of these is the same in lower case.</summary>
    private static readonly SearchValues<char> PlainDomain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    private readonly HashSet<string> _texts = [];
    private readonly HashSet<string> _identifiers = [];
    private readonly HashSet<string> _domains = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<MailAddress> _addresses = [];
    private readonly HashSet<string> _addressTexts = [];
    private readonly HashSet<string> _localParts = [];
    private readonly HashSet<string> _addressDomains = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<IPAddress> _ips = [];
    private readonly NetworkTable _networks = new();
    private readonly List<Value> _others = [];

    // What texts among the members are, for items that are no texts.
    private readonly HashSet<string> _textsAsDomains = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<MailAddress> _textsAsAddresses = [];
    private readonly HashSet<IPAddress> _textsAsIps = [];
    private readonly HashSet<IPNetwork> _textsAsNetworks = [];

    public GroupIndex(IEnumerable<Value> members)
    {
        foreach (var member in members) Add(member);
    }

    /// <summary>Null: a kind of item that is not indexed.</summary>
    public bool? Holds(Value item)
    {
        var found = item.TryAsString(out var text) ? HoldsText(text)
            : item.TryAsHost<VslObject>(out var value) ? HoldsObject(value)
            : null;
        return found is false ? Scan(_others, item) : found;
    }

    /// <summary>Asks one member after the other.</summary>
    public static bool Scan(IReadOnlyList<Value> members, Value item)
    {
        if (members.Count == 0) return false;
        // Read once, not by each of the networks.
        var asAddress = item.TryAsString(out var text) && IpText.TryParse(text, out var ip) ? Value.From(new IpObject(ip)) : item;
        foreach (var member in members)
        {
            if (!member.TryAsHost<VslObject>(out var value))
            {
                if (member == item) return true;
            }
            else
            {
                var asked = value is IpObject or NetworkObject ? asAddress : item;
                if (member == asked || value.Covers(asked)) return true;
            }
        }

        return false;
    }

    private void Add(Value member)
    {
        if (member.TryAsString(out var text))
        {
            AddText(text);
            return;
        }

        switch (member.AsHost())
        {
            case IdentifierObject identifier:
                _identifiers.Add(identifier.ToText());
                break;
            case FqdnObject domain:
                _domains.Add(domain.ToText());
                break;
            case AddressObject { Address: { } address }:
                _addresses.Add(address);
                _addressTexts.Add(address.ToString());
                _localParts.Add(address.LocalPart);
                _addressDomains.Add(address.Domain);
                break;
            case IpObject ip:
                _ips.Add(IpText.Normalize(ip.Address));
                break;
            case NetworkObject network:
                _networks.Add(network.Network);
                break;
            default:
                _others.Add(member);
                break;
        }
    }

    private void AddText(string text)
    {
        _texts.Add(text);
        _textsAsDomains.Add(text);
        if (MailAddress.TryParse(text, out var address)) _textsAsAddresses.Add(address);
        if (IpText.TryParse(text, out var ip)) _textsAsIps.Add(IpText.Normalize(ip));
        if (IpText.TryParseNetwork(text, out var network)) _textsAsNetworks.Add(network);
    }

    private bool HoldsText(string text)
    {
        if (_texts.Contains(text) || _identifiers.Contains(text) || _domains.Contains(text)) return true;
        if (_addresses.Count > 0 && HoldsAddress(text)) return true;
        if (_ips.Count == 0 && _networks.IsEmpty) return false;
        if (IpText.TryParse(text, out var ip)) return _ips.Contains(IpText.Normalize(ip)) || _networks.Holds(ip);
        return IpText.TryParseNetwork(text, out var network) && _networks.Holds(network);
    }

    /// <summary>Most texts are written as an address writes itself: they need not be read as one.</summary>
    private bool HoldsAddress(string text)
    {
        if (_addressTexts.Contains(text)) return true;
        var domain = text.AsSpan(text.LastIndexOf('@') + 1);
        var isAsWritten = !text.StartsWith('"') && !domain.ContainsAnyExcept(PlainDomain);
        return !isAsWritten && MailAddress.TryParse(text, out var address) && _addresses.Contains(address);
    }

    private bool? HoldsObject(VslObject item) => item switch
    {
        IdentifierObject => _identifiers.Contains(item.ToText()) || _texts.Contains(item.ToText()) || _localParts.Contains(item.ToText()),
        FqdnObject => _domains.Contains(item.ToText()) || _textsAsDomains.Contains(item.ToText()) || _addressDomains.Contains(item.ToText()),
        AddressObject { Address: { } address } => _addresses.Contains(address) || _textsAsAddresses.Contains(address),
        IpObject ip => _ips.Contains(IpText.Normalize(ip.Address)) || _textsAsIps.Contains(IpText.Normalize(ip.Address)) || _networks.Holds(ip.Address),
        NetworkObject network => _networks.Holds(network.Network) || _textsAsNetworks.Contains(network.Network),
        _ => null,
    };
}
