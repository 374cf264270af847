using System.Diagnostics.CodeAnalysis;
using Vsmtp.Mail.Addresses;
using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Reads arguments of native functions: a string, or an object by its text form.</summary>
internal static class Argument
{
    public static bool TryText(in Value value, [NotNullWhen(true)] out string? text, out Completion error)
    {
        text = value.TryAsString(out var given) ? given
            : value.TryAsHost<VslObject>(out var made) ? made.ToText()
            : value.Kind is ValueKind.Character ? value.ToText()
            : null;
        error = text is not null
            ? default
            : Completion.Error($"invalid type conversion expected a string or an object, got {value.TypeName}");
        return text is not null;
    }

    public static bool TryAddress(in Value value, [NotNullWhen(true)] out MailAddress? address, out Completion error)
    {
        address = value.TryAsHost<AddressObject>(out var made) ? made.Address : null;
        if (address is not null)
        {
            error = default;
            return true;
        }

        if (!TryText(value, out var text, out error)) return false;
        if (MailAddress.TryParse(text, out address)) return true;
        error = Completion.Error($"invalid type conversion expected a mail address, got `{text}`");
        return false;
    }
}
