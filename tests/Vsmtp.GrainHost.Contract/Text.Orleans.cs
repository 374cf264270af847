using System.Collections;
using System.Reflection;
using System.Text;

namespace Vsmtp.GrainHost.Contract;

/// <summary>All that an object holds, as text to be compared: members by name, null, default and empty arrays told apart.</summary>
internal static class Text
{
    public static string Of(object value)
    {
        var text = new StringBuilder();
        Append(text, value, "");
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, string indent)
    {
        switch (value)
        {
            case null: text.AppendLine("null"); break;
            case string or DateTimeOffset or Enum or byte or int or long or bool: text.Append(value is DateTimeOffset time ? time.ToString("O") : $"\"{value}\"").AppendLine(); break;
            case IEnumerable items: AppendItems(text, items, indent); break;
            default: AppendMembers(text, value, indent); break;
        }
    }

    private static void AppendItems(StringBuilder text, IEnumerable items, string indent)
    {
        if ((bool?)items.GetType().GetProperty("IsDefault")?.GetValue(items) is true)
        {
            text.AppendLine("default");
            return;
        }

        text.AppendLine("[]");
        foreach (var item in items)
        {
            text.Append(indent).Append("- ");
            Append(text, item, indent + "  ");
        }
    }

    private static void AppendMembers(StringBuilder text, object value, string indent)
    {
        text.AppendLine(value.GetType().Name);
        foreach (var property in value.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            text.Append(indent).Append("  ").Append(property.Name).Append(": ");
            Append(text, property.GetValue(value), indent + "  ");
        }
    }
}
