using System.Reflection;

namespace Vsmtp.GrainHost.Contract.Surface;

/// <summary>What one type promises and another of the same name does not.</summary>
internal static class TypeDifferences
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>One line for each; a member that is missing is told with those that Orleans has by its name.</summary>
    public static IEnumerable<string> Between(Type ours, Type theirs) =>
        [.. OfType(ours, theirs), .. OfMembers(ours, theirs), .. ours.IsEnum ? [] : OfUse(ours, theirs)];

    private static IEnumerable<string> OfType(Type ours, Type theirs)
    {
        if (KindOf(ours) != KindOf(theirs)) yield return $"is a {KindOf(ours)} here, a {KindOf(theirs)} there";
        if (theirs.IsSealed && !ours.IsSealed) yield return "can be derived from here, not there";
        if (Signature.OfTypeParameters(ours) != Signature.OfTypeParameters(theirs))
            yield return $"has the type parameters {Signature.OfTypeParameters(ours)} here, {Signature.OfTypeParameters(theirs)} there";
        if (ours.IsEnum && ours.GetEnumUnderlyingType().FullName != theirs.GetEnumUnderlyingType().FullName)
            yield return $"is of {ours.GetEnumUnderlyingType()} here, of {theirs.GetEnumUnderlyingType()} there";
        var basesThere = BasesOf(theirs).Select(Signature.OfType).ToHashSet();
        foreach (var lacking in BasesOf(ours).Select(Signature.OfType).Where(part => !basesThere.Contains(part))) yield return $"is a {lacking} here, not there";
    }

    private static IEnumerable<string> OfMembers(Type ours, Type theirs)
    {
        var inherited = BasesOf(theirs).SelectMany(PromisesOf).Where(member => member is not ConstructorInfo);
        var there = PromisesOf(theirs).Concat(inherited).ToLookup(member => member.Name, Signature.OfMember);
        foreach (var member in PromisesOf(ours).Where(member => !IsOverride(member)))
        {
            var signature = Signature.OfMember(member);
            if (!there[member.Name].Contains(signature)) yield return $"has {signature} here; there {string.Join(" | ", there[member.Name].DefaultIfEmpty("nothing"))}";
        }
    }

    /// <summary>Where an attribute may stand.</summary>
    private static IEnumerable<string> OfUse(Type ours, Type theirs)
    {
        var (here, there) = (UseOf(ours), UseOf(theirs));
        if ((here.Targets & ~there.Targets) != 0) yield return $"may stand on {here.Targets} here, on {there.Targets} there";
        if (here.IsRepeatable && !there.IsRepeatable) yield return "may be repeated here, not there";
    }

    private static (AttributeTargets Targets, bool IsRepeatable) UseOf(Type type)
    {
        var use = type.GetCustomAttributesData().FirstOrDefault(data => data.AttributeType.FullName == typeof(AttributeUsageAttribute).FullName);
        if (use is null) return (0, false);
        var repeatable = use.NamedArguments.Any(argument => argument is { MemberName: "AllowMultiple", TypedValue.Value: true });
        return ((AttributeTargets)(int)use.ConstructorArguments[0].Value!, repeatable);
    }

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => "enumeration",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        _ => "class",
    };

    private static IEnumerable<Type> BasesOf(Type type)
    {
        foreach (var part in type.GetInterfaces().Where(part => part.IsVisible)) yield return part;
        for (var part = type.BaseType; part is not null; part = part.BaseType) yield return part;
    }

    /// <summary>Members that others may use; the accessors are told with their property.</summary>
    private static IEnumerable<MemberInfo> PromisesOf(Type type) => type.GetMembers(Declared).Where(member => member switch
    {
        ConstructorInfo constructor => !constructor.IsStatic && Signature.IsPromise(constructor),
        MethodInfo method => Signature.IsPromise(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(Signature.IsPromise),
        FieldInfo field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName,
        EventInfo => true,
        _ => false,
    });

    /// <summary>Of a member of object or of another base, where it is compared or always there.</summary>
    private static bool IsOverride(MemberInfo member) =>
        member is MethodInfo { IsVirtual: true } method && (method.Attributes & MethodAttributes.NewSlot) == 0;
}
