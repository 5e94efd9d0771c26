package chainrule.house;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Writes what users of a class can see, one line per member, each line with the class's name. */
final class Signatures {
  private static final Set<String> OF_EVERY_RECORD = Set.of("equals", "hashCode", "toString");
  private static final Set<String> OF_EVERY_ENUM = Set.of("values", "valueOf");

  private Signatures() {}

  /** The class's own line and the lines of its members, sorted; none when it is not visible. */
  static List<String> of(Class<?> type) {
    if (!visible(type)) {
      return List.of();
    }
    String name = type.getName().replace('$', '.');
    List<String> members = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      if (visible(field) && !field.isSynthetic()) {
        members.add(
            modifiers(field.getModifiers())
                + simple(field.getAnnotatedType())
                + " "
                + field.getName());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (visible(constructor) && !constructor.isSynthetic()) {
        members.add(
            modifiers(constructor.getModifiers())
                + "new "
                + type.getSimpleName()
                + parameters(constructor));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (visible(method)
          && !method.isSynthetic()
          && !(type.isRecord() && OF_EVERY_RECORD.contains(method.getName()))
          && !(type.isEnum() && OF_EVERY_ENUM.contains(method.getName()))) {
        members.add(
            modifiers(method.getModifiers())
                + (method.isDefault() ? "default " : "")
                + variables(method.getTypeParameters())
                + simple(method.getAnnotatedReturnType())
                + " "
                + method.getName()
                + parameters(method));
      }
    }
    return Stream.concat(
            Stream.of(name + ": " + declaration(type)),
            members.stream().sorted().map(member -> name + ": " + member))
        .toList();
  }

  private static String declaration(Class<?> type) {
    String kind =
        type.isAnnotation()
            ? "@interface"
            : type.isInterface()
                ? "interface"
                : type.isRecord() ? "record" : type.isEnum() ? "enum" : "class";
    int modifiers = type.getModifiers();
    if (!kind.equals("class")) {
      modifiers &= ~(Modifier.ABSTRACT | Modifier.FINAL | Modifier.STATIC);
    }
    AnnotatedType parent = type.getAnnotatedSuperclass();
    boolean extend = kind.equals("class") && parent != null && parent.getType() != Object.class;
    String interfaces =
        Arrays.stream(type.getAnnotatedInterfaces()).map(Signatures::simple).collect(joining(", "));
    return modifiers(modifiers)
        + (type.isSealed() ? "sealed " : "")
        + kind
        + " "
        + type.getSimpleName()
        + variables(type.getTypeParameters()).stripTrailing()
        + (extend ? " extends " + simple(parent) : "")
        + (interfaces.isEmpty()
            ? ""
            : (type.isInterface() ? " extends " : " implements ") + interfaces);
  }

  private static String parameters(Executable executable) {
    AnnotatedType[] types = executable.getAnnotatedParameterTypes();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      String name = simple(types[i]);
      boolean last = executable.isVarArgs() && i == types.length - 1;
      names.add(last ? name.substring(0, name.length() - "[]".length()) + "..." : name);
    }
    return "(" + String.join(", ", names) + ")";
  }

  private static String variables(TypeVariable<?>[] variables) {
    if (variables.length == 0) {
      return "";
    }
    return Arrays.stream(variables)
        .map(
            v -> {
              String bounds =
                  Arrays.stream(v.getAnnotatedBounds())
                      .filter(b -> b.getType() != Object.class)
                      .map(Signatures::simple)
                      .collect(joining(" & "));
              return v.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
            })
        .collect(joining(", ", "<", "> "));
  }

  /** The type without the names of packages, and with its {@code @Nullable}s. */
  private static String simple(AnnotatedType type) {
    return type.toString()
        .replace("org.jspecify.annotations.", "")
        .replace("@Nullable()", "@Nullable")
        .replaceAll("\\b(?:[a-z]\\w*\\.)+(?=@?[A-Z])", "")
        .replace('$', '.');
  }

  private static String modifiers(int modifiers) {
    int shown = Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT;
    String text = Modifier.toString(modifiers & shown);
    return text.isEmpty() ? "" : text + " ";
  }

  private static boolean visible(Member member) {
    return (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
  }

  private static boolean visible(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getEnclosingClass()) {
      if ((c.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) == 0 || c.isSynthetic()) {
        return false;
      }
    }
    return !type.isAnonymousClass() && !type.isLocalClass();
  }
}
